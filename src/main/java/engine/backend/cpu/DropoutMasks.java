package engine.backend.cpu;

import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Masks of inverted dropout from a counter-based generator, so that they depend on no thread count
 * and no order.
 */
final class DropoutMasks {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  DropoutMasks(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  /**
   * Row-major F32: 1/(1-p) where kept, else 0. Counter words: i/4, stream, step low, step high;
   * key: the seed.
   */
  Tensor mask(Shape shape, float p, Tensor state, int stream) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a dropout probability must be between 0 and 1, not " + p);
    }
    Tensor m = memory.empty(DType.F32, shape);
    long to = m.address();
    long from = state.address();
    long n = shape.elements();
    float kept = p < 1 ? 1 / (1 - p) : 0;
    queue.run(
        () -> {
          long seed = Raw.i64(from, 0);
          long step = Raw.i64(from, 1);
          Draws draws = new Draws(seed, step, stream, p, kept);
          parallel.range(n, 4096, (a, b) -> draws.fill(to, a, b));
        });
    return m;
  }

  /**
   * The draws of one mask.
   *
   * @param p how many are dropped
   * @param kept what the others become
   */
  private record Draws(long seed, long step, int stream, float p, float kept) {
    /** Elements [from, end); {@code from} is a multiple of 4. */
    void fill(long to, long from, long end) {
      int[] c = new int[4];
      for (long i = from; i < end; i += 4) {
        c[0] = (int) (i / 4);
        c[1] = stream;
        c[2] = (int) step;
        c[3] = (int) (step >>> 32);
        Philox.generate(c, (int) seed, (int) (seed >>> 32));
        for (int k = 0; k < 4 && i + k < end; k++) {
          Raw.f32(to, i + k, Philox.uniform(c[k]) < p ? 0 : kept);
        }
      }
    }
  }
}
