package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Conv2dGeometry;

/**
 * A convolution with everything that follows it in a residual network done in the same pass; has no
 * backward.
 *
 * @param relu whether a ReLU follows the sum
 */
public record ConvInfer(Conv2dGeometry geometry, boolean relu) implements Operation {
  static final Identity IDENTITY = new Identity("conv2d_infer", Autocast.HALF);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return Conv2dOp.flops(call.shape(0), call.shape(1), geometry);
  }

  @Override
  public boolean isWeight(int i) {
    return i == 1 || i == 2;
  }

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
    Variable x = tape.operand(IDENTITY, input);
    if (w.value().layout().isRowMajor()) {
      w.replaceValue(conv.placeInferenceWeight(w.value(), x.shape(), x.value().dtype(), g));
    }
    return tape.record(
        new ConvInfer(g, relu),
        operands(x, w, b, residual),
        conv.inferInPlace(
            x.value(), w.value(), b.value(), residual == null ? null : residual.value(), relu, g),
        null);
  }
}
