package engine.autograd;

import engine.tensor.Tensor;

/** x - log(sum(exp(x))) along one axis; large values do not overflow. */
public final class LogSoftmax {
  private LogSoftmax() {}

  /**
   * @return of the shape of x, row-major F32
   */
  public static Variable apply(Tape tape, Variable input, int axis) {
    Variable x = tape.operand("logSoftmax", input);
    var reductions = tape.backend().reductions();
    Tensor y = reductions.softmax(x.value(), axis, true);
    return tape.record(
        "logSoftmax",
        y,
        x.requiresGrad(),
        dy -> tape.accumulate(x, reductions.softmaxBackward(dy, y, axis, true)));
  }
}
