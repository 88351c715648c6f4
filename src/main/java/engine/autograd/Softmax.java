package engine.autograd;

import engine.tensor.Tensor;

/** exp(x) / sum(exp(x)) along one axis; large values do not overflow. */
public final class Softmax {
  private Softmax() {}

  /**
   * @return of the shape of x, row-major F32
   */
  public static Variable apply(Tape tape, Variable input, int axis) {
    Variable x = tape.operand("softmax", input);
    var reductions = tape.backend().reductions();
    Tensor y = reductions.softmax(x.value(), axis, false);
    return tape.describe(
        tape.record(
            "softmax",
            y,
            x.requiresGrad(),
            dy -> tape.accumulate(x, reductions.softmaxBackward(dy, y, axis, false))),
        new Operation.Softmax(axis),
        x);
  }
}
