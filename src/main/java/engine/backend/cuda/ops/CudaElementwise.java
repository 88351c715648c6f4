package engine.backend.cuda.ops;

import engine.backend.Activation;
import engine.backend.Axes;
import engine.backend.Elementwise;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.BroadcastShape;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.RowCopies.Rows;
import engine.tensor.DType;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Locale;

/**
 * Elementwise ops, computed in fp32; the result is of the operands' type, and channels-last if one
 * of them is.
 */
public final class CudaElementwise implements Elementwise {
  private final CudaMemory memory;
  private final Launcher launch;
  private final CudaReductions reductions;

  public CudaElementwise(CudaMemory memory, Launcher launch, CudaReductions reductions) {
    this.memory = memory;
    this.launch = launch;
    this.reductions = reductions;
  }

  @Override
  public Tensor activation(Activation f, Tensor x) {
    long n = x.shape().elements();
    try (Tensor wide = memory.cast(x, DType.F32);
        Tensor y = memory.emptyLike(wide)) {
      launch.kernel(name(f) + "_forward").of(wide).of(y).of(n).threads((n + 3) / 4);
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor activationBackward(Activation f, Tensor saved, Tensor dy) {
    long n = dy.shape().elements();
    try (Tensor s = memory.cast(saved, DType.F32);
        Tensor d = memory.toLayoutOf(dy, s);
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
    if (a.shape().equals(b.shape()) && a.layout() == b.layout()) {
      return same(kernel, a, b);
    }
    BroadcastShape s = new BroadcastShape(a, b);
    try (Tensor wa = memory.cast(a, DType.F32);
        Tensor wb = memory.cast(b, DType.F32);
        Tensor y = memory.empty(DType.F32, s.result, s.layout);
        Arena arena = Arena.ofConfined()) {
      long n = s.result.elements();
      launch.kernel(kernel + "_broadcast").of(wa).of(wb).of(y).of(n).of(s.struct(arena)).threads(n);
      return memory.cast(y, commonType(a, b));
    }
  }

  /** Of two tensors of one shape and layout, whatever these are. */
  private Tensor same(String kernel, Tensor a, Tensor b) {
    DType type = commonType(a, b);
    try (Tensor ta = memory.cast(a, type);
        Tensor tb = memory.cast(b, type)) {
      Tensor y = memory.emptyLike(ta);
      sameInPlace(kernel, ta, tb, y);
      return y;
    }
  }

  /** All three of one shape, layout and floating type. */
  private void sameInPlace(String kernel, Tensor a, Tensor b, Tensor y) {
    long n = y.shape().elements();
    boolean half = y.dtype() != DType.F32;
    String of = half ? "_same_" + y.dtype().name().toLowerCase(Locale.ROOT) : "_same";
    int each = half ? 8 : 4;
    launch.kernel(kernel + of).of(a).of(b).of(y).of(n).threads((n + each - 1) / each);
  }

  private static DType commonType(Tensor a, Tensor b) {
    return a.dtype() == b.dtype() ? a.dtype() : DType.F32;
  }

  @Override
  public void addInPlace(Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException("cannot add " + b + " to " + a + " in place");
    }
    DType type = commonType(a, b);
    try (Tensor ta = memory.cast(a, type);
        Tensor tb = memory.toLayoutOf(b, ta)) {
      sameInPlace("add", ta, tb, ta);
      if (a.dtype() != type) {
        memory.copyInPlace(ta, a);
      }
    }
  }

  /** Of ops that are there: a training step's pictures are mixed by the kernel that brings them. */
  @Override
  public void mixupInPlace(Tensor x, float own) {
    long n = x.shape().dim(0);
    try (Tensor last = slice(x, 0, n - 1, 1);
        Tensor others = slice(x, 0, 0, n - 1);
        Tensor partners = n == 1 ? last.retain() : concat(new Tensor[] {last, others}, 0);
        Tensor theirs = scale(partners, 1 - own);
        Tensor mine = scale(x, own);
        Tensor sum = binary(Binary.ADD, mine, theirs)) {
      memory.copyInPlace(sum, x);
    }
  }

  @Override
  public Tensor scale(Tensor x, float factor) {
    long n = x.shape().elements();
    try (Tensor wide = memory.cast(x, DType.F32);
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

  /** Drawn in row-major order, as on every device. */
  @Override
  public Tensor dropoutMask(Tensor x, float p, Tensor state, int stream) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a dropout probability must be between 0 and 1, not " + p);
    }
    long n = x.shape().elements();
    try (Tensor mask = memory.empty(DType.F32, x.shape())) {
      launch
          .kernel("dropout_mask")
          .of(mask)
          .of(n)
          .of(p)
          .of(p < 1 ? 1 / (1 - p) : 0)
          .of(state)
          .of(stream)
          .threads((n + 3) / 4);
      return memory.to(mask, DType.F32, x.layout());
    }
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
    Layout layout = layoutOfAll(parts);
    Tensor y = memory.empty(DType.F32, first.with(ax, extent), layout);
    long at = 0;
    for (Tensor t : parts) {
      try (Tensor wide = memory.to(t, DType.F32, layout)) {
        long row = rowBytes(wide, ax);
        memory
            .rowCopies()
            .copy(
                new Rows(wide.address(), row),
                new Rows(y.address() + at, rowBytes(y, ax)),
                row,
                rows(wide, ax));
        at += row;
      }
    }
    return y;
  }

  /** Channels-last where every part is. */
  private static Layout layoutOfAll(Tensor... parts) {
    for (Tensor t : parts) {
      if (t.layout().isRowMajor()) {
        return Layout.ROW_MAJOR;
      }
    }
    return ChannelsLast.INSTANCE;
  }

  @Override
  public Tensor slice(Tensor x, int axis, long from, long extent) {
    int ax = Axes.axis(x.shape().rank(), axis);
    if (from < 0 || extent < 0 || from + extent > x.shape().dim(ax)) {
      throw new IllegalArgumentException(
          "axis " + axis + " of " + x.shape() + " has no part " + from + " to " + (from + extent));
    }
    Shape part = x.shape().with(ax, extent);
    Layout layout = x.layout().isRowMajor() ? Layout.ROW_MAJOR : ChannelsLast.of(part);
    Tensor y = memory.empty(DType.F32, part, layout);
    try (Tensor wide = memory.cast(x, DType.F32)) {
      long all = rowBytes(wide, ax);
      long each = all / Math.max(1, x.shape().dim(ax));
      memory
          .rowCopies()
          .copy(
              new Rows(wide.address() + each * from, all),
              new Rows(y.address(), each * extent),
              each * extent,
              rows(wide, ax));
    }
    return y;
  }

  /** Bytes of everything from an axis inwards, in the order of memory. */
  private static long rowBytes(Tensor t, int axis) {
    return ChannelsLast.strides(t.shape(), t.layout())[axis]
        * t.shape().dim(axis)
        * t.dtype().bytes();
  }

  /** How many of those there are. */
  private static long rows(Tensor t, int axis) {
    long row = rowBytes(t, axis) / t.dtype().bytes();
    return row == 0 ? 0 : t.shape().elements() / row;
  }
}
