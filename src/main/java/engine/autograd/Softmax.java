package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Tensor;

/** exp(x) / sum(exp(x)) along one axis; large values do not overflow. */
public record Softmax(int axis) implements Operation {
  static final Identity IDENTITY = new Identity("softmax", Autocast.FULL);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** A row's maximum, its differences, their exponentials and sum, a division each. */
  @Override
  public long flops(Call call) {
    return 5 * call.read() - 2 * (call.read() / call.shape(0).dim(axis));
  }

  /**
   * @return of the shape of x, row-major F32
   */
  public static Variable apply(Tape tape, Variable input, int axis) {
    Variable x = tape.operand(IDENTITY, input);
    var reductions = tape.backend().reductions();
    Tensor y = reductions.softmax(x.value(), axis, false);
    return tape.record(
        new Softmax(axis),
        operands(x),
        y,
        dy -> tape.accumulate(x, reductions.softmaxBackward(dy, y, axis, false)));
  }
}
