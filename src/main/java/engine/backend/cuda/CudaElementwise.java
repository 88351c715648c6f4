package engine.backend.cuda;

import engine.backend.Activation;
import engine.backend.Axes;
import engine.backend.Elementwise;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Locale;

/** Elementwise ops; half-precision operands are widened to fp32 and the result is of their type. */
final class CudaElementwise implements Elementwise {
  private final CudaMemory memory;
  private final Launcher launch;
  private final CudaReductions reductions;

  CudaElementwise(CudaMemory memory, Launcher launch, CudaReductions reductions) {
    this.memory = memory;
    this.launch = launch;
    this.reductions = reductions;
  }

  @Override
  public Tensor activation(Activation f, Tensor x) {
    long n = x.shape().elements();
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor y = memory.emptyLike(wide)) {
      launch.kernel(name(f) + "_forward").of(wide).of(y).of(n).threads((n + 3) / 4);
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor activationBackward(Activation f, Tensor saved, Tensor dy) {
    long n = dy.shape().elements();
    try (Tensor s = memory.toRowMajor(saved, DType.F32);
        Tensor d = memory.toRowMajor(dy, DType.F32);
        Tensor dx = memory.emptyLike(s)) {
      launch.kernel(name(f) + "_backward").of(s).of(d).of(dx).of(n).threads((n + 3) / 4);
      return memory.cast(dx, saved.dtype());
    }
  }

  private static String name(Activation f) {
    return f.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Tensor binary(Binary op, Tensor a, Tensor b) {
    String kernel = op.name().toLowerCase(Locale.ROOT);
    try (Tensor wa = memory.toRowMajor(a, DType.F32);
        Tensor wb = memory.toRowMajor(b, DType.F32);
        Arena arena = Arena.ofConfined()) {
      BroadcastShape s = new BroadcastShape(a.shape(), b.shape());
      long n = s.result.elements();
      try (Tensor y = memory.empty(DType.F32, s.result)) {
        if (a.shape().equals(b.shape())) {
          launch.kernel(kernel + "_same").of(wa).of(wb).of(y).of(n).threads((n + 3) / 4);
        } else {
          launch
              .kernel(kernel + "_broadcast")
              .of(wa)
              .of(wb)
              .of(y)
              .of(n)
              .of(s.struct(arena))
              .threads(n);
        }
        return memory.cast(y, a.dtype() == b.dtype() ? a.dtype() : DType.F32);
      }
    }
  }

  @Override
  public void addInPlace(Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException("cannot add " + b + " to " + a + " in place");
    }
    long n = a.shape().elements();
    try (Tensor wa = memory.toRowMajor(a, DType.F32);
        Tensor wb = memory.toRowMajor(b, DType.F32)) {
      launch.kernel("add_same").of(wa).of(wb).of(wa).of(n).threads((n + 3) / 4);
      if (a.dtype() != DType.F32) {
        memory.copyInPlace(wa, a);
      }
    }
  }

  @Override
  public Tensor scale(Tensor x, float factor) {
    long n = x.shape().elements();
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor y = memory.emptyLike(wide)) {
      launch.kernel("scale").of(wide).of(y).of(n).of(factor).threads((n + 3) / 4);
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor sumTo(Tensor x, Tensor like) {
    Shape s = x.shape();
    Shape t = like.shape();
    if (s.equals(t)) {
      return memory.toLayoutOf(x, like);
    }
    boolean[] reduced = new boolean[s.rank()];
    for (int i = 1; i <= s.rank(); i++) {
      reduced[s.rank() - i] = i > t.rank() || (t.dim(-i) == 1 && s.dim(-i) != 1);
    }
    try (Tensor sum = reductions.sum(x, reduced, t, 1)) {
      return memory.toLayoutOf(sum, like);
    }
  }

  @Override
  public Tensor dropoutMask(Tensor x, float p, Tensor state, int stream) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a dropout probability must be between 0 and 1, not " + p);
    }
    long n = x.shape().elements();
    Tensor mask = memory.empty(DType.F32, x.shape());
    launch
        .kernel("dropout_mask")
        .of(mask)
        .of(n)
        .of(p)
        .of(p < 1 ? 1 / (1 - p) : 0)
        .of(state)
        .of(stream)
        .threads((n + 3) / 4);
    return mask;
  }

  @Override
  public Tensor concat(Tensor[] parts, int axis) {
    Shape first = parts[0].shape();
    int ax = Axes.axis(first.rank(), axis);
    long extent = 0;
    for (Tensor t : parts) {
      if (t.shape().rank() != first.rank() || !t.shape().with(ax, 1).equals(first.with(ax, 1))) {
        throw new IllegalArgumentException(
            "cannot concatenate " + first + " and " + t.shape() + " along axis " + axis);
      }
      extent += t.shape().dim(ax);
    }
    Tensor y = memory.empty(DType.F32, first.with(ax, extent));
    long at = 0;
    for (Tensor t : parts) {
      try (Tensor plain = memory.toRowMajor(t, DType.F32)) {
        long row = rowBytes(t.shape(), ax);
        memory.copyRows(
            plain.address(), row, y.address() + at, rowBytes(y.shape(), ax), row, rows(first, ax));
        at += row;
      }
    }
    return y;
  }

  @Override
  public Tensor slice(Tensor x, int axis, long from, long extent) {
    int ax = Axes.axis(x.shape().rank(), axis);
    if (from < 0 || extent < 0 || from + extent > x.shape().dim(ax)) {
      throw new IllegalArgumentException(
          "axis " + axis + " of " + x.shape() + " has no part " + from + " to " + (from + extent));
    }
    Tensor y = memory.empty(DType.F32, x.shape().with(ax, extent));
    try (Tensor plain = memory.toRowMajor(x, DType.F32)) {
      long row = rowBytes(y.shape(), ax);
      long all = rowBytes(x.shape(), ax);
      long skipped = extent == 0 ? 0 : row / extent * from;
      memory.copyRows(plain.address() + skipped, all, y.address(), row, row, rows(x.shape(), ax));
    }
    return y;
  }

  /** Bytes of everything from an axis inwards. */
  private static long rowBytes(Shape s, int axis) {
    long n = DType.F32.bytes();
    for (int i = axis; i < s.rank(); i++) {
      n *= s.dim(i);
    }
    return n;
  }

  private static long rows(Shape s, int axis) {
    long n = 1;
    for (int i = 0; i < axis; i++) {
      n *= s.dim(i);
    }
    return n;
  }
}
