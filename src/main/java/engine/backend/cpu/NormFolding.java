package engine.backend.cpu;

import engine.tensor.Tensor;

/** Multiplies a norm with fixed statistics into the convolution before it. */
final class NormFolding {
  private final CpuQueue queue;
  private final Parallel parallel;

  NormFolding(CpuQueue queue, Parallel parallel) {
    this.queue = queue;
    this.parallel = parallel;
  }

  /** All tensors F32 row-major; {@code weight} and {@code bias} are overwritten. */
  void foldNorm(
      Tensor w,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor weight,
      Tensor bias) {
    long from = w.address();
    long to = weight.address();
    long b = bias.address();
    long s = scale.address();
    long h = shift.address();
    long m = mean.address();
    long v = variance.address();
    long channels = scale.shape().elements();
    long row = w.shape().elements() / channels;
    queue.run(
        () ->
            parallel.rows(
                channels,
                row,
                (first, end) -> {
                  for (long c = first; c < end; c++) {
                    float factor =
                        (float) (Raw.f32(s, c) / Math.sqrt(Raw.f32(v, c) + (double) eps));
                    Raw.f32(b, c, Raw.f32(h, c) - Raw.f32(m, c) * factor);
                    for (long i = c * row; i < (c + 1) * row; i++) {
                      Raw.f32(to, i, Raw.f32(from, i) * factor);
                    }
                  }
                }));
  }
}
