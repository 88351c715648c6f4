package engine.autograd;

import engine.tensor.Tensor;

/** The sum over axes. */
public final class Sum {
  private Sum() {}

  /**
   * @param axes which axes go; negative ones count from the end
   * @param keepDim whether they stay with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int[] axes, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Tensor y = reductions.sum(x.value(), axes, keepDim);
    return tape.record(
        "sum",
        y,
        x.requiresGrad(),
        dy -> tape.accumulate(x, reductions.expand(dy, x.value(), axes, 1)));
  }
}
