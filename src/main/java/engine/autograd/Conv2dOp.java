package engine.autograd;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Normalizations;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** 2-d convolution with stride, padding, dilation and groups. */
public final class Conv2dOp {
  private Conv2dOp() {}

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
    Variable x = operand(tape, input, w, b, g);
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
              passData(tape, x, dy, w, g);
            }),
        new Operation.Conv(g),
        x,
        w,
        b);
  }

  /**
   * A convolution's result and its sums a channel, null where the device took none: what {@link
   * BatchNorm} wants, which closes them.
   */
  public record ForNorm(Variable y, Normalizations.Sums sums) {}

  /**
   * The same without a bias, for a batch norm in training; images that a norm has deferred are
   * normalised as they are read, where the device can.
   */
  public static ForNorm applyForNorm(Tape tape, Variable input, Variable w, Conv2dGeometry g) {
    var conv = tape.backend().convolutions();
    Variable x = operand(tape, input, w, null, g);
    Normalizations.Deferred deferred = x.deferred();
    Convolutions.ForNorm asRead =
        deferred == null ? null : conv.forwardForNorm(deferred, w.value(), g);
    var f = asRead == null ? conv.forwardForNorm(x.value(), w.value(), g) : asRead;
    Variable y =
        tape.record(
            "conv2d",
            f.y(),
            x.requiresGrad() || w.requiresGrad(),
            dy -> {
              if (w.requiresGrad()) {
                tape.accumulate(
                    w,
                    asRead == null
                        ? conv.backwardWeight(x.value(), dy, w.value(), null, g)
                        : conv.backwardWeight(deferred, dy, w.value(), g));
              }
              passData(tape, x, dy, w, g);
            });
    return new ForNorm(tape.describe(y, new Operation.Conv(g), x, w, null), f.sums());
  }

  /** The input in its type; the weight finds its layout. */
  private static Variable operand(
      Tape tape, Variable input, Variable w, Variable b, Conv2dGeometry g) {
    Variable x = tape.operand("conv2d", input);
    tape.reads(x, w, b);
    if (w instanceof Parameter p && p.placeNow() && w.value().layout().isRowMajor()) {
      var conv = tape.backend().convolutions();
      w.replaceValue(conv.placeWeight(w.value(), x.shape(), DType.F32, g));
    }
    return x;
  }

  private static void passData(Tape tape, Variable x, Tensor dy, Variable w, Conv2dGeometry g) {
    if (x.requiresGrad()) {
      tape.accumulate(x, tape.backend().convolutions().backwardData(dy, w.value(), x.shape(), g));
    }
  }

  /** Multiply-adds times two of a forward; each of the two gradients costs as much. */
  public static long flops(Shape x, Shape w, Conv2dGeometry g) {
    Shape y = g.outputShape(x, w);
    return 2 * y.elements() * w.dim(1) * w.dim(2) * w.dim(3);
  }
}
