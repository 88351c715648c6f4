package engine.backend.cpu;

import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blends each picture of a batch with the one before it, in place: from the last to the first, so
 * that a partner is read before it is blended itself. Threads share out positions within a picture.
 */
final class Mixup {
  /** Values of a picture at a time, in Java arrays, over which C2 vectorises. */
  private static final int CHUNK = 2048;

  /** The least values of a batch that are worth a thread. */
  private static final long GRAIN = 1 << 14;

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final CpuQueue queue;
  private final Parallel parallel;

  Mixup(CpuQueue queue, Parallel parallel) {
    this.queue = queue;
    this.parallel = parallel;
  }

  void inPlace(Tensor x, float own) {
    if (x.dtype() != DType.F32 || !x.layout().isRowMajor()) {
      throw new IllegalArgumentException("mixup blends F32 row-major pictures, not " + x);
    }
    int count = x.shape().size(0);
    long picture = x.shape().elements() / Math.max(1, count);
    long at = x.address();
    queue.run(
        () ->
            parallel.range(
                picture,
                GRAIN / Math.max(1, count),
                (from, to) -> {
                  for (long i = from; i < to; i += CHUNK) {
                    blend(at + i * 4, picture * 4, count, (int) Math.min(CHUNK, to - i), own);
                  }
                }));
  }

  /**
   * @param at address of {@code n} values of the first picture
   * @param step bytes from a picture to the next
   */
  private static void blend(long at, long step, int count, int n, float own) {
    float[] last = read(at + (count - 1) * step, new float[n]);
    float[] mine = last.clone();
    float[] partner = new float[n];
    for (int i = count - 1; i > 0; i--) {
      read(at + (i - 1) * step, partner);
      write(mine, partner, own, at + i * step);
      float[] free = mine;
      mine = partner;
      partner = free;
    }
    write(mine, last, own, at);
  }

  private static float[] read(long from, float[] to) {
    MemorySegment.copy(Raw.MEMORY, F32, from, to, 0, to.length);
    return to;
  }

  private static void write(float[] mine, float[] partner, float own, long to) {
    OptimizerLoops.blend(mine, partner, own, 1 - own, mine.length);
    MemorySegment.copy(mine, 0, Raw.MEMORY, F32, to, mine.length);
  }
}
