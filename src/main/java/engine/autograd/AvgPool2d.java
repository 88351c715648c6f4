package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.PoolGeometry;

/**
 * The average of each window.
 *
 * @param countIncludePad whether padding counts in the divisor
 */
public record AvgPool2d(PoolGeometry geometry, boolean countIncludePad) implements Operation {
  static final Identity IDENTITY = new Identity("avg_pool2d", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** The additions of each window, padding included, and its division. */
  @Override
  public long flops(Call call) {
    return call.written() * geometry.kernelH() * geometry.kernelW();
  }

  /**
   * @param x [N, C, H, W]
   * @param countIncludePad whether padding counts in the divisor
   * @return [N, C, H', W'], see {@link PoolGeometry#outputShape}
   */
  public static Variable apply(Tape tape, Variable x, PoolGeometry g, boolean countIncludePad) {
    var pools = tape.backend().pools();
    return tape.record(
        new AvgPool2d(g, countIncludePad),
        operands(x),
        pools.average(x.value(), g, countIncludePad),
        dy -> tape.accumulate(x, pools.averageBackward(dy, x.value(), g, countIncludePad)));
  }
}
