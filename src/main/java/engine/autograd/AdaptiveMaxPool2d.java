package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Pools;

/**
 * The largest value of each cell of {@link AdaptiveAvgPool2d}; its gradient goes to the first of
 * equal maxima.
 */
public record AdaptiveMaxPool2d(int height, int width) implements Operation {
  static final Identity IDENTITY = new Identity("adaptive_max_pool2d", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** One comparison fewer than a cell has numbers. */
  @Override
  public long flops(Call call) {
    return AdaptiveAvgPool2d.covered(call.shape(0), height, width) - call.written();
  }

  /**
   * @param x [N, C, H, W]
   * @return [N, C, outH, outW]
   */
  public static Variable apply(Tape tape, Variable x, int outH, int outW) {
    Pools pools = tape.backend().pools();
    Pools.Max max = pools.adaptiveMax(x.value(), outH, outW);
    return tape.record(
        new AdaptiveMaxPool2d(outH, outW),
        operands(x),
        max.y(),
        dy -> tape.accumulate(x, pools.adaptiveMaxBackward(dy, max, x.value())),
        max.where());
  }
}
