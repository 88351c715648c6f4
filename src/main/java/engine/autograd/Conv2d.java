package engine.autograd;

import engine.backend.Conv2dGeometry;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** 2-d convolution with stride, padding, dilation and groups. */
public final class Conv2d {
  private Conv2d() {}

  /**
   * @param input x [N, C, H, W]
   * @param w [O, C/groups, kH, kW]; a {@link Parameter} is moved to the layout of the kernel the
   *     first time
   * @param b [O], or null
   * @return [N, O, H', W'], see {@link Conv2dGeometry#outputShape}
   */
  public static Variable apply(
      Tape tape, Variable input, Variable w, Variable b, Conv2dGeometry g) {
    var conv = tape.backend().convolutions();
    Variable x = tape.operand("conv2d", input);
    tape.reads(x, w, b);
    if (w instanceof Parameter p && p.placeNow() && w.value().layout().isRowMajor()) {
      w.replaceValue(conv.placeWeight(w.value(), x.shape(), DType.F32, g));
    }
    Tensor y = conv.forward(x.value(), w.value(), b == null ? null : b.value(), g);
    boolean grad = x.requiresGrad() || w.requiresGrad() || (b != null && b.requiresGrad());
    return tape.describe(
        tape.record(
            "conv2d",
            y,
            grad,
            dy -> {
              if (w.requiresGrad() || (b != null && b.requiresGrad())) {
                Tensor db = b == null ? null : tape.backend().memory().empty(DType.F32, b.shape());
                tape.accumulate(w, conv.backwardWeight(x.value(), dy, w.value(), db, g));
                if (b != null) {
                  tape.accumulate(b, db);
                }
              }
              if (x.requiresGrad()) {
                tape.accumulate(x, conv.backwardData(dy, w.value(), x.shape(), g));
              }
            }),
        new Operation.Conv(g),
        x,
        w,
        b);
  }

  /** Multiply-adds times two of a forward; each of the two gradients costs as much. */
  public static long flops(Shape x, Shape w, Conv2dGeometry g) {
    Shape y = g.outputShape(x, w);
    return 2 * y.elements() * w.dim(1) * w.dim(2) * w.dim(3);
  }
}
