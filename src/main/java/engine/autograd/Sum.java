package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Tensor;

/** The sum over axes. */
public record Sum() implements Operation {
  static final Identity IDENTITY = new Identity("sum", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return call.read() - call.written();
  }

  /**
   * @param axes which axes go; negative ones count from the end
   * @param keepDim whether they stay with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int[] axes, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Tensor y = reductions.sum(x.value(), axes, keepDim);
    return tape.record(
        new Sum(),
        operands(x),
        y,
        dy -> tape.accumulate(x, reductions.expand(dy, x.value(), axes, 1)));
  }
}
