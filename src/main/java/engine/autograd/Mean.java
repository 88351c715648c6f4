package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Tensor;

/** The mean over axes. */
public record Mean(int[] axes, boolean keepDim) implements Operation {
  static final Identity IDENTITY = new Identity("mean", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** The additions of each result, and its division. */
  @Override
  public long flops(Call call) {
    return call.read();
  }

  /**
   * @param axes which axes go; negative ones count from the end
   * @param keepDim whether they stay with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int[] axes, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Tensor y = reductions.mean(x.value(), axes, keepDim);
    float share = (float) y.shape().elements() / x.shape().elements();
    return tape.record(
        new Mean(axes, keepDim),
        operands(x),
        y,
        dy -> tape.accumulate(x, reductions.expand(dy, x.value(), axes, share)));
  }
}
