package engine.autograd;

import engine.backend.Reductions;

/** The largest value along one axis; the whole gradient goes to the first of equal maxima. */
public final class MaxDim {
  private MaxDim() {}

  /**
   * @param keepDim whether the axis stays with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int axis, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Reductions.MaxDim max = reductions.maxDim(x.value(), axis, keepDim);
    return tape.describe(
        tape.record(
            "maxDim",
            max.values(),
            x.requiresGrad(),
            dy -> tape.accumulate(x, reductions.maxDimBackward(dy, max.indices(), x.value(), axis)),
            max.indices()),
        new Operation.MaxDim(axis, keepDim),
        x);
  }
}
