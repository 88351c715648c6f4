package engine.autograd;

import engine.tensor.Tensor;

/** The largest value over axes; equal maxima share the gradient equally. */
public final class Amax {
  private Amax() {}

  /**
   * @param axes which axes go; negative ones count from the end
   * @param keepDim whether they stay with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int[] axes, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Tensor y = reductions.amax(x.value(), axes, keepDim);
    return tape.record(
        "amax",
        y,
        x.requiresGrad(),
        dy -> tape.accumulate(x, reductions.amaxBackward(dy, y, x.value(), axes)));
  }
}
