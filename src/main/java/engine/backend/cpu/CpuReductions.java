package engine.backend.cpu;

import engine.backend.Axes;
import engine.backend.Reductions;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Reductions over axes in Java, on row-major F32, summed in double. */
final class CpuReductions implements Reductions {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;
  private final Softmaxes softmaxes;

  CpuReductions(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
    softmaxes = new Softmaxes(memory, queue, parallel);
  }

  @Override
  public Tensor sum(Tensor x, int[] axes, boolean keepDim) {
    return sum(x, axes, keepDim, false);
  }

  @Override
  public Tensor mean(Tensor x, int[] axes, boolean keepDim) {
    return sum(x, axes, keepDim, true);
  }

  private Tensor sum(Tensor x, int[] axes, boolean keepDim, boolean mean) {
    boolean[] reduced = Axes.mark(x.shape().rank(), axes);
    AxisSplit split = new AxisSplit(x.shape(), reduced);
    Tensor y = memory.empty(DType.F32, Axes.reduce(x.shape(), reduced, keepDim));
    double factor = mean ? 1.0 / split.reduction() : 1;
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long out = y.address();
      outputs(split, (a, b) -> Broadcast.sum(split, in, out, factor, a, b));
    }
    return y;
  }

  @Override
  public Tensor expand(Tensor y, Tensor x, int[] axes, float factor) {
    AxisSplit split = new AxisSplit(x.shape(), Axes.mark(x.shape().rank(), axes));
    try (Tensor dx = memory.empty(DType.F32, x.shape());
        Tensor yp = memory.toRowMajor(y, DType.F32)) {
      long in = yp.address();
      long out = dx.address();
      outputs(
          split,
          (a, b) -> {
            for (long o = a; o < b; o++) {
              long base = split.keptOffset(o);
              float v = Raw.f32(in, o) * factor;
              for (long r = 0; r < split.outer; r++) {
                long at = base + split.outerOffset(r);
                for (long i = 0; i < split.inner; i++) {
                  Raw.f32(out, at + i * split.innerStride, v);
                }
              }
            }
          });
      return memory.toLayoutOf(dx, x);
    }
  }

  @Override
  public Tensor amax(Tensor x, int[] axes, boolean keepDim) {
    boolean[] reduced = Axes.mark(x.shape().rank(), axes);
    AxisSplit split = new AxisSplit(x.shape(), reduced);
    Tensor y = memory.empty(DType.F32, Axes.reduce(x.shape(), reduced, keepDim));
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long out = y.address();
      outputs(
          split,
          (a, b) -> {
            for (long o = a; o < b; o++) {
              long base = split.keptOffset(o);
              float best = Float.NEGATIVE_INFINITY;
              for (long r = 0; r < split.outer; r++) {
                long at = base + split.outerOffset(r);
                for (long i = 0; i < split.inner; i++) {
                  best = Math.max(best, Raw.f32(in, at + i * split.innerStride));
                }
              }
              Raw.f32(out, o, best);
            }
          });
    }
    return y;
  }

  @Override
  public Tensor amaxBackward(Tensor dy, Tensor y, Tensor x, int[] axes) {
    AxisSplit split = new AxisSplit(x.shape(), Axes.mark(x.shape().rank(), axes));
    try (Tensor dx = memory.empty(DType.F32, x.shape());
        Tensor xp = memory.toRowMajor(x, DType.F32);
        Tensor yp = memory.toRowMajor(y, DType.F32);
        Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long in = xp.address();
      long max = yp.address();
      long grad = g.address();
      long out = dx.address();
      outputs(
          split,
          (a, b) -> {
            for (long o = a; o < b; o++) {
              share(split, split.keptOffset(o), in, Raw.f32(max, o), Raw.f32(grad, o), out);
            }
          });
      return memory.toLayoutOf(dx, x);
    }
  }

  /** Writes {@code g} divided by the number of maxima to each of them, 0 to the others. */
  private static void share(AxisSplit split, long base, long in, float max, float g, long out) {
    long ties = 0;
    for (long r = 0; r < split.outer; r++) {
      long at = base + split.outerOffset(r);
      for (long i = 0; i < split.inner; i++) {
        ties += Raw.f32(in, at + i * split.innerStride) == max ? 1 : 0;
      }
    }
    for (long r = 0; r < split.outer; r++) {
      long at = base + split.outerOffset(r);
      for (long i = 0; i < split.inner; i++) {
        long e = at + i * split.innerStride;
        Raw.f32(out, e, Raw.f32(in, e) == max ? g / ties : 0);
      }
    }
  }

  @Override
  public MaxDim maxDim(Tensor x, int axis, boolean keepDim) {
    boolean[] reduced = Axes.mark(x.shape().rank(), new int[] {axis});
    AxisSplit split = new AxisSplit(x.shape(), reduced);
    Shape s = Axes.reduce(x.shape(), reduced, keepDim);
    Tensor y = memory.empty(DType.F32, s);
    Tensor indices = memory.empty(DType.I64, s);
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long out = y.address();
      long where = indices.address();
      outputs(
          split,
          (a, b) -> {
            for (long o = a; o < b; o++) {
              long base = split.keptOffset(o);
              long at = 0;
              float best = Raw.f32(in, base);
              for (long i = 1; i < split.inner; i++) {
                float v = Raw.f32(in, base + i * split.innerStride);
                // The first NaN wins over everything, as in PyTorch.
                if (v > best || (Float.isNaN(v) && !Float.isNaN(best))) {
                  best = v;
                  at = i;
                }
              }
              Raw.f32(out, o, best);
              Raw.i64(where, o, at);
            }
          });
    }
    return new MaxDim(y, indices);
  }

  @Override
  public Tensor maxDimBackward(Tensor dy, Tensor indices, Tensor x, int axis) {
    AxisSplit split = new AxisSplit(x.shape(), Axes.mark(x.shape().rank(), new int[] {axis}));
    try (Tensor dx = memory.zeros(DType.F32, x.shape());
        Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long grad = g.address();
      long where = indices.address();
      long out = dx.address();
      outputs(
          split,
          (a, b) -> {
            for (long o = a; o < b; o++) {
              long at = split.keptOffset(o) + Raw.i64(where, o) * split.innerStride;
              Raw.f32(out, at, Raw.f32(grad, o));
            }
          });
      return memory.toLayoutOf(dx, x);
    }
  }

  @Override
  public Tensor softmax(Tensor x, int axis, boolean log) {
    return softmaxes.forward(x, axis, log);
  }

  @Override
  public Tensor softmaxBackward(Tensor dy, Tensor y, int axis, boolean log) {
    return softmaxes.backward(dy, y, axis, log);
  }

  private void outputs(AxisSplit split, Parallel.Range body) {
    queue.run(() -> parallel.rows(split.outputs, split.reduction(), body));
  }
}
