package engine.backend.cpu;

import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Averages over windows of any kind, row-major in Java: what oneDNN's pooling does not cover as
 * PyTorch defines it.
 */
final class AveragePools {
  /**
   * The window of an output cell along one axis: [start, end) within the input, and what to divide
   * by.
   */
  private interface Windows {
    long start(long o);

    long end(long o);

    long divisor(long o);
  }

  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  AveragePools(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  Tensor average(Tensor x, PoolGeometry g, boolean countIncludePad) {
    Shape s = x.shape();
    return forward(
        x, g.outputShape(s), rows(s, g, countIncludePad), columns(s, g, countIncludePad));
  }

  Tensor averageBackward(Tensor dy, Tensor x, PoolGeometry g, boolean countIncludePad) {
    Shape s = x.shape();
    return backward(dy, x, rows(s, g, countIncludePad), columns(s, g, countIncludePad));
  }

  Tensor adaptive(Tensor x, int outH, int outW) {
    return forward(
        x,
        Pools.adaptiveShape(x.shape(), outH, outW),
        adaptive(x.shape().dim(2), outH),
        adaptive(x.shape().dim(3), outW));
  }

  Tensor adaptiveBackward(Tensor dy, Tensor x) {
    return backward(
        dy,
        x,
        adaptive(x.shape().dim(2), dy.shape().dim(2)),
        adaptive(x.shape().dim(3), dy.shape().dim(3)));
  }

  private Tensor forward(Tensor x, Shape out, Windows rows, Windows cols) {
    Tensor y = memory.empty(DType.F32, out);
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long to = y.address();
      long w = x.shape().dim(3);
      long plane = x.shape().dim(2) * w;
      long oh = out.dim(2);
      long ow = out.dim(3);
      queue.run(
          () ->
              parallel.rows(
                  out.dim(0) * out.dim(1),
                  plane,
                  (from, end) -> {
                    for (long p = from; p < end; p++) {
                      for (long o = 0; o < oh * ow; o++) {
                        long i = o / ow;
                        long j = o % ow;
                        double sum = 0;
                        for (long r = rows.start(i); r < rows.end(i); r++) {
                          for (long c = cols.start(j); c < cols.end(j); c++) {
                            sum += Raw.f32(in, p * plane + r * w + c);
                          }
                        }
                        Raw.f32(
                            to,
                            p * oh * ow + o,
                            (float) (sum / (rows.divisor(i) * cols.divisor(j))));
                      }
                    }
                  }));
    }
    return y;
  }

  private Tensor backward(Tensor dy, Tensor x, Windows rows, Windows cols) {
    Tensor dx = memory.zeros(DType.F32, x.shape());
    try (Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long in = g.address();
      long to = dx.address();
      long w = x.shape().dim(3);
      long plane = x.shape().dim(2) * w;
      long oh = dy.shape().dim(2);
      long ow = dy.shape().dim(3);
      queue.run(
          () ->
              parallel.rows(
                  x.shape().dim(0) * x.shape().dim(1),
                  plane,
                  (from, end) -> {
                    for (long p = from; p < end; p++) {
                      for (long o = 0; o < oh * ow; o++) {
                        long i = o / ow;
                        long j = o % ow;
                        float part =
                            Raw.f32(in, p * oh * ow + o) / (rows.divisor(i) * cols.divisor(j));
                        for (long r = rows.start(i); r < rows.end(i); r++) {
                          for (long c = cols.start(j); c < cols.end(j); c++) {
                            long at = p * plane + r * w + c;
                            Raw.f32(to, at, Raw.f32(to, at) + part);
                          }
                        }
                      }
                    }
                  }));
    }
    try (dx) {
      return memory.toLayoutOf(dx, x);
    }
  }

  private static Windows rows(Shape x, PoolGeometry g, boolean includePad) {
    return windows(x.dim(2), g.kernelH(), g.strideH(), g.padH(), includePad);
  }

  private static Windows columns(Shape x, PoolGeometry g, boolean includePad) {
    return windows(x.dim(3), g.kernelW(), g.strideW(), g.padW(), includePad);
  }

  /**
   * PyTorch's rule: with padding counted, the divisor still stops at the end of the right padding.
   */
  private static Windows windows(long in, int kernel, int stride, int pad, boolean includePad) {
    return new Windows() {
      @Override
      public long start(long o) {
        return Math.max(0, o * stride - pad);
      }

      @Override
      public long end(long o) {
        return Math.min(in, o * stride - pad + kernel);
      }

      @Override
      public long divisor(long o) {
        long from = o * stride - pad;
        return includePad ? Math.min(from + kernel, in + pad) - from : end(o) - start(o);
      }
    };
  }

  private static Windows adaptive(long in, long out) {
    return new Windows() {
      @Override
      public long start(long o) {
        return o * in / out;
      }

      @Override
      public long end(long o) {
        return ((o + 1) * in + out - 1) / out;
      }

      @Override
      public long divisor(long o) {
        return end(o) - start(o);
      }
    };
  }
}
