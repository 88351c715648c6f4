package engine.autograd;

import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.tensor.Tensor;

/**
 * The largest value of each window; its gradient goes to the first of equal maxima in row-major
 * window order.
 */
public final class MaxPool2d {
  private MaxPool2d() {}

  /**
   * @param x [N, C, H, W]; padding counts as minus infinity
   * @return [N, C, H', W'], see {@link PoolGeometry#outputShape}
   */
  public static Variable apply(Tape tape, Variable x, PoolGeometry g) {
    Pools pools = tape.backend().pools();
    Tensor in = x.value();
    Pools.Max max = pools.max(in, g);
    return tape.describe(
        tape.record(
            "maxPool2d",
            max.y(),
            x.requiresGrad(),
            dy -> tape.accumulate(x, pools.maxBackward(dy, max, in, g)),
            max.where()),
        new Operation.MaxPool(g),
        x);
  }
}
