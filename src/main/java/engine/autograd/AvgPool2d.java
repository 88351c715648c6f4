package engine.autograd;

import engine.backend.PoolGeometry;

/** The average of each window. */
public final class AvgPool2d {
  private AvgPool2d() {}

  /**
   * @param x [N, C, H, W]
   * @param countIncludePad whether padding counts in the divisor
   * @return [N, C, H', W'], see {@link PoolGeometry#outputShape}
   */
  public static Variable apply(Tape tape, Variable x, PoolGeometry g, boolean countIncludePad) {
    var pools = tape.backend().pools();
    return tape.describe(
        tape.record(
            "avgPool2d",
            pools.average(x.value(), g, countIncludePad),
            x.requiresGrad(),
            dy -> tape.accumulate(x, pools.averageBackward(dy, x.value(), g, countIncludePad))),
        new Operation.AvgPool(g, countIncludePad),
        x);
  }
}
