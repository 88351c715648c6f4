package engine.autograd;

import engine.backend.Pools;

/**
 * The largest value of each cell of {@link AdaptiveAvgPool2d}; its gradient goes to the first of
 * equal maxima.
 */
public final class AdaptiveMaxPool2d {
  private AdaptiveMaxPool2d() {}

  /**
   * @param x [N, C, H, W]
   * @return [N, C, outH, outW]
   */
  public static Variable apply(Tape tape, Variable x, int outH, int outW) {
    Pools pools = tape.backend().pools();
    Pools.Max max = pools.adaptiveMax(x.value(), outH, outW);
    return tape.describe(
        tape.record(
            "adaptiveMaxPool2d",
            max.y(),
            x.requiresGrad(),
            dy -> tape.accumulate(x, pools.adaptiveMaxBackward(dy, max, x.value())),
            max.where()),
        new Operation.AdaptiveMaxPool(outH, outW),
        x);
  }
}
