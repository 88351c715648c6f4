package engine.backend.cpu;

import engine.backend.Pools;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Adaptive max pooling to any size, row-major in Java; the place of each maximum is its I32 index
 * in the plane.
 */
final class AdaptiveMaxPools {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  AdaptiveMaxPools(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  Pools.Max forward(Tensor x, int outH, int outW) {
    Shape s = Pools.adaptiveShape(x.shape(), outH, outW);
    Tensor y = memory.empty(DType.F32, s);
    Tensor where = memory.empty(DType.I32, s);
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long out = y.address();
      long index = where.address();
      long h = x.shape().dim(2);
      long w = x.shape().dim(3);
      Sides sides = new Sides(h, w, outH, outW);
      queue.run(
          () ->
              parallel.rows(
                  s.dim(0) * s.dim(1),
                  h * w,
                  (from, end) -> {
                    for (long p = from; p < end; p++) {
                      plane(in + p * h * w * 4, sides, out, index, p);
                    }
                  }));
    }
    return new Pools.Max(y, where);
  }

  /** Of a plane and of what becomes of it. */
  private record Sides(long h, long w, int outH, int outW) {}

  private static void plane(long in, Sides sides, long out, long index, long p) {
    long h = sides.h;
    long w = sides.w;
    int outH = sides.outH;
    int outW = sides.outW;
    for (int i = 0; i < outH; i++) {
      for (int j = 0; j < outW; j++) {
        long best = i * h / outH * w + j * w / outW;
        float max = Raw.f32(in, best);
        for (long r = i * h / outH; r < ((i + 1) * h + outH - 1) / outH; r++) {
          for (long c = j * w / outW; c < ((j + 1) * w + outW - 1) / outW; c++) {
            float v = Raw.f32(in, r * w + c);
            if (v > max || (Float.isNaN(v) && !Float.isNaN(max))) {
              max = v;
              best = r * w + c;
            }
          }
        }
        long o = (p * outH + i) * outW + j;
        Raw.f32(out, o, max);
        Raw.i32(index, o, (int) best);
      }
    }
  }

  Tensor backward(Tensor dy, Pools.Max forward, Tensor x) {
    long cells = dy.shape().dim(2) * dy.shape().dim(3);
    long plane = x.shape().dim(2) * x.shape().dim(3);
    try (Tensor dx = memory.zeros(DType.F32, x.shape());
        Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long in = g.address();
      long index = forward.where().address();
      long out = dx.address();
      queue.run(
          () ->
              parallel.rows(
                  x.shape().dim(0) * x.shape().dim(1),
                  plane,
                  (from, end) -> {
                    for (long p = from; p < end; p++) {
                      for (long o = p * cells; o < (p + 1) * cells; o++) {
                        long at = p * plane + Raw.i32(index, o);
                        Raw.f32(out, at, Raw.f32(out, at) + Raw.f32(in, o));
                      }
                    }
                  }));
      return memory.toLayoutOf(dx, x);
    }
  }
}
