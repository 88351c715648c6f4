package engine.autograd;

import engine.backend.Conv2dGeometry;

/**
 * A convolution with everything that follows it in a residual network done in the same pass; has no
 * backward.
 */
public final class ConvInfer {
  private ConvInfer() {}

  /**
   * {@code act(x * w + b + residual)}.
   *
   * @param w [O, C/groups, kH, kW]; moved to the layout of the kernel the first time
   * @param b [O]
   * @param residual of the shape of the result, or null; it is overwritten and must not be read
   *     again
   */
  public static Variable apply(
      Tape tape,
      Variable input,
      Variable w,
      Variable b,
      Variable residual,
      boolean relu,
      Conv2dGeometry g) {
    if (tape.isRecording()) {
      throw new IllegalStateException(
          "a folded convolution has no backward: use an inference tape");
    }
    var conv = tape.backend().convolutions();
    Variable x = tape.operand("convInfer", input);
    if (w.value().layout().isRowMajor()) {
      w.replaceValue(conv.placeInferenceWeight(w.value(), x.shape(), x.value().dtype(), g));
    }
    return tape.describe(
        tape.record(
            "convInfer",
            conv.inferInPlace(
                x.value(),
                w.value(),
                b.value(),
                residual == null ? null : residual.value(),
                relu,
                g),
            false,
            null),
        new Operation.ConvInfer(g, relu),
        x,
        w,
        b,
        residual);
  }
}
