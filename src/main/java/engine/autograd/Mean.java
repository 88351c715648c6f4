package engine.autograd;

import engine.tensor.Tensor;

/** The mean over axes. */
public final class Mean {
  private Mean() {}

  /**
   * @param axes which axes go; negative ones count from the end
   * @param keepDim whether they stay with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int[] axes, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Tensor y = reductions.mean(x.value(), axes, keepDim);
    float share = (float) y.shape().elements() / x.shape().elements();
    return tape.describe(
        tape.record(
            "mean",
            y,
            x.requiresGrad(),
            dy -> tape.accumulate(x, reductions.expand(dy, x.value(), axes, share))),
        new Operation.Mean(axes, keepDim),
        x);
  }
}
