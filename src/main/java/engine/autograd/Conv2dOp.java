package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Normalizations;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** 2-d convolution with stride, padding, dilation and groups. */
public record Conv2dOp(Conv2dGeometry geometry) implements Operation {
  static final Identity IDENTITY = new Identity("conv2d", Autocast.HALF);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return flops(call.shape(0), call.shape(1), geometry);
  }

  @Override
  public boolean isWeight(int i) {
    return i == 1 || i == 2;
  }

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
    Variable x = operand(tape, input, w, g);
    Tensor y = conv.forward(x.value(), w.value(), b == null ? null : b.value(), g);
    return tape.record(
        new Conv2dOp(g),
        operands(x, w, b),
        y,
        dy -> {
          if (w.requiresGrad() || (b != null && b.requiresGrad())) {
            Tensor db = b == null ? null : tape.backend().memory().empty(DType.F32, b.shape());
            tape.accumulate(w, conv.backwardWeight(x.value(), dy, w.value(), db, g));
            if (b != null) {
              tape.accumulate(b, db);
            }
          }
          passData(tape, x, dy, w, g);
        });
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
    Variable x = operand(tape, input, w, g);
    Normalizations.Deferred deferred = x.deferred();
    Convolutions.ForNorm asRead =
        deferred == null ? null : conv.forwardForNorm(deferred, w.value(), g);
    var f = asRead == null ? conv.forwardForNorm(x.value(), w.value(), g) : asRead;
    Variable y =
        tape.record(
            new Conv2dOp(g),
            operands(x, w, null),
            f.y(),
            dy -> {
              if (w.requiresGrad()) {
                tape.accumulate(
                    w,
                    asRead == null
                        ? conv.backwardWeight(x.value(), dy, w.value(), null, g)
                        : afterNorm(tape, w, conv.backwardWeight(deferred, dy, w.value(), g)));
              }
              passData(tape, x, dy, w, g);
            });
    return new ForNorm(y, f.sums());
  }

  /** An optimiser reads the gradient of a parameter as it is; other ops want fp32. */
  private static Tensor afterNorm(Tape tape, Variable w, Tensor dw) {
    if (w instanceof Parameter) {
      return dw;
    }
    try (dw) {
      return tape.backend().memory().cast(dw, DType.F32);
    }
  }

  /** The input in its type; the weight finds its layout. */
  private static Variable operand(Tape tape, Variable input, Variable w, Conv2dGeometry g) {
    Variable x = tape.operand(IDENTITY, input);
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
