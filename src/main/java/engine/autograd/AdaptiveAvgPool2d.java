package engine.autograd;

/** Averages down (or up) to a given size: cell o takes inputs floor(o*I/O) to ceil((o+1)*I/O). */
public final class AdaptiveAvgPool2d {
  private AdaptiveAvgPool2d() {}

  /**
   * @param x [N, C, H, W]
   * @return [N, C, outH, outW]
   */
  public static Variable apply(Tape tape, Variable x, int outH, int outW) {
    var pools = tape.backend().pools();
    return tape.describe(
        tape.record(
            "adaptiveAvgPool2d",
            pools.adaptiveAverage(x.value(), outH, outW),
            x.requiresGrad(),
            dy -> tape.accumulate(x, pools.adaptiveAverageBackward(dy, x.value()))),
        new Operation.AdaptiveAvgPool(outH, outW),
        x);
  }
}
