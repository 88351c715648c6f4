package engine.backend.cpu;

import engine.backend.Elementwise.Binary;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Arithmetic with NumPy's broadcasting, and its gradient's sums, on row-major F32. */
final class Broadcast {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  Broadcast(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  Tensor binary(Binary op, Tensor a, Tensor b) {
    Shape out = Shape.broadcast(a.shape(), b.shape());
    Tensor y = memory.empty(DType.F32, out);
    try (Tensor ap = memory.toRowMajor(a, DType.F32);
        Tensor bp = memory.toRowMajor(b, DType.F32)) {
      int rank = out.rank();
      long[] as = strides(a.shape(), rank);
      long[] bs = strides(b.shape(), rank);
      long inner = rank == 0 ? 1 : out.dim(-1);
      long aStep = rank == 0 ? 0 : as[rank - 1];
      long bStep = rank == 0 ? 0 : bs[rank - 1];
      long from = ap.address();
      long with = bp.address();
      long to = y.address();
      queue.run(
          () ->
              parallel.rows(
                  inner == 0 ? 0 : out.elements() / inner,
                  inner,
                  (first, end) -> {
                    for (long row = first; row < end; row++) {
                      long i = offset(row, out, as);
                      long j = offset(row, out, bs);
                      for (long k = 0; k < inner; k++) {
                        float v =
                            apply(op, Raw.f32(from, i + k * aStep), Raw.f32(with, j + k * bStep));
                        Raw.f32(to, row * inner + k, v);
                      }
                    }
                  }));
    }
    return y;
  }

  /**
   * Sums x over the axes along which a tensor of shape {@code target} was broadcast to it;
   * row-major.
   */
  Tensor sumTo(Tensor x, Shape target) {
    Shape s = x.shape();
    boolean[] reduced = new boolean[s.rank()];
    for (int i = 1; i <= s.rank(); i++) {
      long t = i <= target.rank() ? target.dim(-i) : 1;
      reduced[s.rank() - i] = t == 1 && s.dim(-i) != 1;
    }
    Tensor y = memory.empty(DType.F32, target);
    AxisSplit split = new AxisSplit(s, reduced);
    try (Tensor xp = memory.toRowMajor(x, DType.F32)) {
      long in = xp.address();
      long out = y.address();
      queue.run(
          () ->
              parallel.rows(
                  split.outputs, split.reduction(), (a, b) -> sum(split, in, out, 1, a, b)));
    }
    return y;
  }

  /** Outputs [first, end) of a sum times {@code factor}. */
  static void sum(AxisSplit split, long in, long out, double factor, long first, long end) {
    for (long o = first; o < end; o++) {
      long base = split.keptOffset(o);
      double sum = 0;
      for (long r = 0; r < split.outer; r++) {
        long at = base + split.outerOffset(r);
        for (long i = 0; i < split.inner; i++) {
          sum += Raw.f32(in, at + i * split.innerStride);
        }
      }
      Raw.f32(out, o, (float) (sum * factor));
    }
  }

  private static float apply(Binary op, float a, float b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
    };
  }

  /** Element strides of {@code s} seen with a higher rank; 0 along broadcast axes. */
  private static long[] strides(Shape s, int rank) {
    long[] st = new long[rank];
    long stride = 1;
    for (int i = 1; i <= s.rank(); i++) {
      st[rank - i] = s.dim(-i) == 1 ? 0 : stride;
      stride *= s.dim(-i);
    }
    return st;
  }

  /** Where row {@code row} (all axes but the last) of the result starts in an operand. */
  private static long offset(long row, Shape out, long[] strides) {
    long at = 0;
    long rest = row;
    for (int d = out.rank() - 2; d >= 0; d--) {
      at += rest % out.dim(d) * strides[d];
      rest /= out.dim(d);
    }
    return at;
  }
}
