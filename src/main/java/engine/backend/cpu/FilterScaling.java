package engine.backend.cpu;

import engine.backend.Convolutions.Folded;
import engine.backend.FixedNorm;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.Statistics;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Multiplies a norm with fixed statistics into the convolution before it. */
final class FilterScaling {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final CpuQueue queue;
  private final Parallel parallel;

  FilterScaling(CpuQueue queue, Parallel parallel) {
    this.queue = queue;
    this.parallel = parallel;
  }

  /** All tensors F32 row-major; those of {@code out} are overwritten. */
  void foldNorm(Tensor w, Affine norm, Statistics fixed, Folded out) {
    long from = w.address();
    long to = out.weight().address();
    long b = out.bias().address();
    long s = norm.scale().address();
    long h = norm.shift().address();
    long m = fixed.mean().address();
    long v = fixed.variance().address();
    float eps = norm.eps();
    long channels = norm.scale().shape().elements();
    long row = w.shape().elements() / channels;
    queue.run(
        () ->
            parallel.rows(
                channels,
                row,
                (first, end) -> {
                  // In an array: a short-lived process never gets to fast loops over memory.
                  float[] filter = new float[Math.toIntExact(row)];
                  for (long c = first; c < end; c++) {
                    FixedNorm n =
                        FixedNorm.of(
                            Raw.f32(s, c), Raw.f32(h, c), Raw.f32(m, c), Raw.f32(v, c), eps);
                    Raw.f32(b, c, n.bias(0));
                    long offset = c * row * 4;
                    MemorySegment.copy(Raw.MEMORY, F32, from + offset, filter, 0, filter.length);
                    n.scaleInPlace(filter, 0, filter.length);
                    MemorySegment.copy(filter, 0, Raw.MEMORY, F32, to + offset, filter.length);
                  }
                }));
  }
}
