package engine.backend.cpu;

import engine.backend.Axes;
import engine.backend.LayerNorms;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.MdTable;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Layer normalisation in Java, on rows that lie together: images are brought into the order N, H,
 * W, C. In F32, summed in double, the variance in a second pass over the row.
 */
final class CpuLayerNorms implements LayerNorms {
  /** Addresses of x and dy as rows of n values, and of what the forward left of each row. */
  private record Matrix(long rows, long n, long x, long dy, long means, long rstds) {}

  private final MdTable mds;
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  CpuLayerNorms(MdTable mds, CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.mds = mds;
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  @Override
  public Normalized forward(Tensor x, Tensor scale, Tensor shift, int axis, float eps) {
    long n = length(x, axis);
    long rows = x.shape().elements() / n;
    Tensor mean = memory.empty(DType.F32, Shape.of(rows));
    Tensor rstd = memory.empty(DType.F32, Shape.of(rows));
    try (Tensor in = rows(x, axis);
        Tensor y = memory.emptyLike(in)) {
      long from = in.address();
      long to = y.address();
      long means = mean.address();
      long rstds = rstd.address();
      long s = scale.address();
      long b = shift.address();
      queue.run(
          () ->
              parallel.rows(
                  rows,
                  n,
                  (first, end) -> {
                    for (long r = first; r < end; r++) {
                      double m = sum(from, r * n, n) / n;
                      float by = (float) (1 / Math.sqrt(squares(from, r * n, n, m) / n + eps));
                      float middle = (float) m;
                      Raw.f32(means, r, middle);
                      Raw.f32(rstds, r, by);
                      for (long i = 0; i < n; i++) {
                        float v = (Raw.f32(from, r * n + i) - middle) * by;
                        Raw.f32(to, r * n + i, v * Raw.f32(s, i) + Raw.f32(b, i));
                      }
                    }
                  }));
      return new Normalized(memory.cast(y, x.dtype()), new Saved(mean, rstd));
    }
  }

  /** With g = dy * scale: dx = rstd * (g - mean(g) - xhat * mean(g * xhat)). */
  @Override
  public Gradients backward(Tensor dy, Tensor x, Tensor scale, Saved saved, int axis) {
    long n = length(x, axis);
    long rows = x.shape().elements() / n;
    Tensor dscale = memory.empty(DType.F32, scale.shape());
    Tensor dshift = memory.empty(DType.F32, scale.shape());
    try (Tensor in = rows(x, axis);
        Tensor g = rows(dy, axis);
        Tensor dx = memory.emptyLike(in)) {
      Matrix m =
          new Matrix(
              rows, n, in.address(), g.address(), saved.mean().address(), saved.rstd().address());
      long to = dx.address();
      long s = scale.address();
      long ds = dscale.address();
      long db = dshift.address();
      queue.run(
          () ->
              parallel.rows(
                  rows,
                  n,
                  (first, end) -> {
                    for (long r = first; r < end; r++) {
                      row(m, r, s, to);
                    }
                  }));
      queue.run(
          () -> parallel.rows(n, rows, (first, end) -> columns(m, (int) first, (int) end, ds, db)));
      return new Gradients(memory.toLayoutOf(dx, x), dscale, dshift);
    }
  }

  private static void row(Matrix m, long r, long scale, long dx) {
    long at = r * m.n;
    float mean = Raw.f32(m.means, r);
    float rstd = Raw.f32(m.rstds, r);
    double sum = 0;
    double dot = 0;
    for (long i = 0; i < m.n; i++) {
      float g = Raw.f32(m.dy, at + i) * Raw.f32(scale, i);
      sum += g;
      dot += g * ((Raw.f32(m.x, at + i) - mean) * rstd);
    }
    float shift = (float) (sum / m.n);
    float slope = (float) (dot / m.n);
    for (long i = 0; i < m.n; i++) {
      float g = Raw.f32(m.dy, at + i) * Raw.f32(scale, i);
      float v = (Raw.f32(m.x, at + i) - mean) * rstd;
      Raw.f32(dx, at + i, rstd * (g - shift - v * slope));
    }
  }

  private static double sum(long x, long at, long n) {
    double even = 0;
    double odd = 0;
    long i = 0;
    for (; i + 1 < n; i += 2) {
      even += Raw.f32(x, at + i);
      odd += Raw.f32(x, at + i + 1);
    }
    return (i < n ? even + Raw.f32(x, at + i) : even) + odd;
  }

  /** Of the differences from the mean: E[x^2] - E[x]^2 would lose the digits of a large mean. */
  private static double squares(long x, long at, long n, double mean) {
    double sum = 0;
    for (long i = 0; i < n; i++) {
      double d = Raw.f32(x, at + i) - mean;
      sum += d * d;
    }
    return sum;
  }

  private long length(Tensor x, int axis) {
    return Math.max(1, x.shape().dim(Axes.axis(x.shape().rank(), axis)));
  }

  /** F32, the values along the axis next to each other. */
  private Tensor rows(Tensor x, int axis) {
    return LayerNorms.alongChannels(x.shape(), axis)
        ? memory.to(x, mds.channelsLast(x.shape(), DType.F32))
        : memory.toRowMajor(x, DType.F32);
  }

  /** Gradients of scale and shift for columns first to end. */
  private static void columns(Matrix m, int first, int end, long dscale, long dshift) {
    double[] dot = new double[end - first];
    double[] sum = new double[end - first];
    for (long r = 0; r < m.rows; r++) {
      float mean = Raw.f32(m.means, r);
      float rstd = Raw.f32(m.rstds, r);
      for (int i = 0; i < dot.length; i++) {
        long at = r * m.n + first + i;
        float g = Raw.f32(m.dy, at);
        sum[i] += g;
        dot[i] += g * ((Raw.f32(m.x, at) - mean) * rstd);
      }
    }
    for (int i = 0; i < dot.length; i++) {
      Raw.f32(dscale, first + i, (float) dot[i]);
      Raw.f32(dshift, first + i, (float) sum[i]);
    }
  }
}
