package engine.backend.cpu;

import engine.backend.Axes;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Tensor;

/**
 * Softmax and log-softmax along an axis, less the maximum so that nothing overflows; in double
 * between load and store.
 */
final class Softmaxes {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  Softmaxes(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  Tensor forward(Tensor x, int axis, boolean log) {
    AxisSplit split = split(x, axis);
    Tensor y = memory.empty(DType.F32, x.shape());
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long out = y.address();
      long step = split.innerStride;
      queue.run(
          () ->
              parallel.rows(
                  split.outputs,
                  split.inner,
                  (a, b) -> {
                    for (long o = a; o < b; o++) {
                      long at = split.keptOffset(o);
                      double max = max(in, at, split.inner, step);
                      double sum = 0;
                      for (long i = 0; i < split.inner; i++) {
                        sum += Math.exp(Raw.f32(in, at + i * step) - max);
                      }
                      double logSum = Math.log(sum);
                      for (long i = 0; i < split.inner; i++) {
                        double v = Raw.f32(in, at + i * step) - max;
                        Raw.f32(out, at + i * step, (float) (log ? v - logSum : Math.exp(v) / sum));
                      }
                    }
                  }));
    }
    return y;
  }

  /** softmax: y * (dy - sum(dy * y)); log: dy - exp(y) * sum(dy). */
  Tensor backward(Tensor dy, Tensor y, int axis, boolean log) {
    AxisSplit split = split(y, axis);
    Tensor dx = memory.empty(DType.F32, y.shape());
    try (Tensor g = memory.toRowMajor(dy, DType.F32);
        Tensor yp = memory.toRowMajor(y, DType.F32)) {
      long grad = g.address();
      long value = yp.address();
      long out = dx.address();
      long step = split.innerStride;
      queue.run(
          () ->
              parallel.rows(
                  split.outputs,
                  split.inner,
                  (a, b) -> {
                    for (long o = a; o < b; o++) {
                      long at = split.keptOffset(o);
                      double sum = 0;
                      for (long i = 0; i < split.inner; i++) {
                        double d = Raw.f32(grad, at + i * step);
                        sum += log ? d : d * Raw.f32(value, at + i * step);
                      }
                      for (long i = 0; i < split.inner; i++) {
                        double d = Raw.f32(grad, at + i * step);
                        double v = Raw.f32(value, at + i * step);
                        double r = log ? d - Math.exp(v) * sum : v * (d - sum);
                        Raw.f32(out, at + i * step, (float) r);
                      }
                    }
                  }));
    }
    return dx;
  }

  /** The largest of {@code n} values; NaN if there is one. */
  static float max(long address, long from, long n, long step) {
    float max = Float.NEGATIVE_INFINITY;
    for (long i = 0; i < n; i++) {
      max = Math.max(max, Raw.f32(address, from + i * step));
    }
    return max;
  }

  private static AxisSplit split(Tensor x, int axis) {
    return new AxisSplit(x.shape(), Axes.mark(x.shape().rank(), new int[] {axis}));
  }
}
