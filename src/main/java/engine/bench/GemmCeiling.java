package engine.bench;

import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** The rate of a large matrix product: what no convolution of the same device can much exceed. */
final class GemmCeiling {
  private static final int SIDE = 2048;

  /** What it takes to fill a GPU. */
  private static final int GPU_SIDE = 8192;

  private static final double MOST_SECONDS = 1;

  private GemmCeiling() {}

  /** GFLOP/s of the best run. */
  static double measure(Backend backend, DType type, Budget budget) {
    int side = backend.name().startsWith("cuda") ? GPU_SIDE : SIDE;
    Shape square = Shape.of(side, side);
    try (Tensor x = RandomData.tensor(backend, type, square, 1);
        Tensor w = RandomData.tensor(backend, type, square, 2)) {
      Timing t =
          Timing.measure(
              budget.atMost(MOST_SECONDS),
              () -> backend.milliseconds(() -> backend.linears().forward(x, w, null).close()));
      return 2.0 * side * side * side / t.best() / 1e6;
    }
  }
}
