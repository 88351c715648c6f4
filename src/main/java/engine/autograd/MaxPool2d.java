package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.tensor.Tensor;

/**
 * The largest value of each window; its gradient goes to the first of equal maxima in row-major
 * window order.
 */
public record MaxPool2d(PoolGeometry geometry) implements Operation {
  static final Identity IDENTITY = new Identity("max_pool2d", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** Which numbers were the largest is kept by itself. */
  @Override
  public boolean keeps(int i) {
    return false;
  }

  /** One comparison fewer than a window has numbers, padding included. */
  @Override
  public long flops(Call call) {
    return call.written() * (geometry.kernelH() * geometry.kernelW() - 1L);
  }

  /**
   * @param x [N, C, H, W]; padding counts as minus infinity
   * @return [N, C, H', W'], see {@link PoolGeometry#outputShape}
   */
  public static Variable apply(Tape tape, Variable x, PoolGeometry g) {
    Pools pools = tape.backend().pools();
    Tensor in = x.value();
    Pools.Max max = pools.max(in, g);
    return tape.record(
        new MaxPool2d(g),
        operands(x),
        max.y(),
        dy -> tape.accumulate(x, pools.maxBackward(dy, max, in, g)),
        max.where());
  }
}
