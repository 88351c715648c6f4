package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Tensor;

/** x - log(sum(exp(x))) along one axis; large values do not overflow. */
public record LogSoftmax(int axis) implements Operation {
  static final Identity IDENTITY = new Identity("log_softmax", Autocast.FULL);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return flops(call.read(), call.read() / call.shape(0).dim(axis));
  }

  /** A row's maximum, its differences, their exponentials and sum, its logarithm, differences. */
  static long flops(long numbers, long rows) {
    return 5 * numbers - rows;
  }

  /**
   * @return of the shape of x, row-major F32
   */
  public static Variable apply(Tape tape, Variable input, int axis) {
    Variable x = tape.operand(IDENTITY, input);
    var reductions = tape.backend().reductions();
    Tensor y = reductions.softmax(x.value(), axis, true);
    return tape.record(
        new LogSoftmax(axis),
        operands(x),
        y,
        dy -> tape.accumulate(x, reductions.softmaxBackward(dy, y, axis, true)));
  }
}
