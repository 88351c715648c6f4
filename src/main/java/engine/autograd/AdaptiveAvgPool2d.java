package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Shape;

/** Averages down (or up) to a given size: cell o takes inputs floor(o*I/O) to ceil((o+1)*I/O). */
public record AdaptiveAvgPool2d(int height, int width) implements Operation {
  static final Identity IDENTITY = new Identity("adaptive_avg_pool2d", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** The additions of each cell, and its division. */
  @Override
  public long flops(Call call) {
    return covered(call.shape(0), height, width);
  }

  /** Numbers that the cells cover, those of two cells twice. */
  static long covered(Shape x, int outH, int outW) {
    return x.dim(0) * x.dim(1) * covered(x.dim(2), outH) * covered(x.dim(3), outW);
  }

  private static long covered(long in, int out) {
    long n = 0;
    for (int o = 0; o < out; o++) {
      n += Math.ceilDiv((o + 1) * in, out) - o * in / out;
    }
    return n;
  }

  /**
   * @param x [N, C, H, W]
   * @return [N, C, outH, outW]
   */
  public static Variable apply(Tape tape, Variable x, int outH, int outW) {
    var pools = tape.backend().pools();
    return tape.record(
        new AdaptiveAvgPool2d(outH, outW),
        operands(x),
        pools.adaptiveAverage(x.value(), outH, outW),
        dy -> tape.accumulate(x, pools.adaptiveAverageBackward(dy, x.value())));
  }
}
