package engine.backend.cuda.ops;

import engine.backend.Axes;
import engine.backend.Reductions;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.ReductionShape;
import engine.tensor.DType;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;

/** Sums, maxima and softmax over axes, in fp32. */
public final class CudaReductions implements Reductions {
  private final CudaMemory memory;
  private final Launcher launch;

  public CudaReductions(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public Tensor sum(Tensor x, int[] axes, boolean keepDim) {
    boolean[] reduced = Axes.mark(x.shape().rank(), axes);
    return sum(x, reduced, Axes.reduce(x.shape(), reduced, keepDim), 1);
  }

  @Override
  public Tensor mean(Tensor x, int[] axes, boolean keepDim) {
    boolean[] reduced = Axes.mark(x.shape().rank(), axes);
    Shape result = Axes.reduce(x.shape(), reduced, keepDim);
    long inputs = new ReductionShape(x, reduced).inputs;
    return sum(x, reduced, result, (float) (1.0 / inputs));
  }

  /** Sums over marked axes, times {@code factor}, as a tensor of shape {@code result}. */
  Tensor sum(Tensor x, boolean[] reduced, Shape result, float factor) {
    ReductionShape r = new ReductionShape(x, reduced);
    Tensor y = memory.empty(DType.F32, result);
    try (Tensor wide = memory.cast(x, DType.F32);
        Arena arena = Arena.ofConfined()) {
      boolean columns = r.outputsAreNeighbours();
      launch
          .kernel(columns ? "sum_columns" : "sum_rows")
          .of(wide)
          .of(y)
          .of(factor)
          .of(r.struct(arena));
      if (columns) {
        launch.threads(r.outputs);
      } else {
        launch.warps(r.outputs);
      }
    }
    return y;
  }

  @Override
  public Tensor expand(Tensor y, Tensor x, int[] axes, float factor) {
    ReductionShape r = new ReductionShape(x, Axes.mark(x.shape().rank(), axes));
    try (Tensor wide = memory.toRowMajor(y, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape(), x.layout());
        Arena arena = Arena.ofConfined()) {
      launch
          .kernel("expand")
          .of(wide)
          .of(dx)
          .of(factor)
          .of(r.struct(arena))
          .threads(x.shape().elements());
      return memory.toLayoutOf(dx, x);
    }
  }

  @Override
  public Tensor amax(Tensor x, int[] axes, boolean keepDim) {
    boolean[] reduced = Axes.mark(x.shape().rank(), axes);
    ReductionShape r = new ReductionShape(x, reduced);
    Tensor y = memory.empty(DType.F32, Axes.reduce(x.shape(), reduced, keepDim));
    try (Tensor wide = memory.cast(x, DType.F32);
        Arena arena = Arena.ofConfined()) {
      launch.kernel("max_rows").of(wide).of(y).of(r.struct(arena)).warps(r.outputs);
    }
    return y;
  }

  @Override
  public Tensor amaxBackward(Tensor dy, Tensor y, Tensor x, int[] axes) {
    ReductionShape r = new ReductionShape(x, Axes.mark(x.shape().rank(), axes));
    try (Tensor g = memory.toRowMajor(dy, DType.F32);
        Tensor best = memory.toRowMajor(y, DType.F32);
        Tensor wide = memory.cast(x, DType.F32);
        Tensor dx = memory.emptyLike(wide);
        Arena arena = Arena.ofConfined()) {
      launch
          .kernel("max_backward")
          .of(g)
          .of(best)
          .of(wide)
          .of(dx)
          .of(r.struct(arena))
          .warps(r.outputs);
      return memory.toLayoutOf(dx, x);
    }
  }

  @Override
  public MaxDim maxDim(Tensor x, int axis, boolean keepDim) {
    Layout layout = Rows.layout(x, axis);
    Rows r = new Rows(x.shape(), axis, layout);
    if (r.n == 0) {
      throw new IllegalArgumentException(
          "axis " + axis + " of " + x + " is empty: it has no maximum");
    }
    Shape result = Axes.reduce(x.shape(), Axes.mark(x.shape().rank(), new int[] {axis}), keepDim);
    Tensor values = memory.empty(DType.F32, result);
    Tensor indices = memory.empty(DType.I64, result);
    try (Tensor wide = memory.to(x, DType.F32, layout)) {
      launch
          .kernel("argmax")
          .of(wide)
          .of(values)
          .of(indices)
          .of(r.outer)
          .of(r.n)
          .of(r.inner)
          .threads(r.count());
    }
    return new MaxDim(values, indices);
  }

  @Override
  public Tensor maxDimBackward(Tensor dy, Tensor indices, Tensor x, int axis) {
    Layout layout = Rows.layout(x, axis);
    Rows r = new Rows(x.shape(), axis, layout);
    try (Tensor g = memory.toRowMajor(dy, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape(), layout)) {
      launch
          .kernel("argmax_backward")
          .of(g)
          .of(indices)
          .of(dx)
          .of(r.outer)
          .of(r.n)
          .of(r.inner)
          .threads(x.shape().elements());
      return memory.toLayoutOf(dx, x);
    }
  }

  @Override
  public Tensor softmax(Tensor x, int axis, boolean log) {
    Rows r = new Rows(x.shape(), axis, Layout.ROW_MAJOR);
    Tensor y = memory.empty(DType.F32, x.shape());
    try (Tensor wide = memory.toRowMajor(x, DType.F32)) {
      launch
          .kernel("softmax")
          .of(wide)
          .of(y)
          .of(r.outer)
          .of(r.n)
          .of(r.inner)
          .of(log)
          .warps(r.count());
    }
    return y;
  }

  @Override
  public Tensor softmaxBackward(Tensor dy, Tensor y, int axis, boolean log) {
    Rows r = new Rows(y.shape(), axis, Layout.ROW_MAJOR);
    Tensor dx = memory.empty(DType.F32, y.shape());
    try (Tensor g = memory.toRowMajor(dy, DType.F32);
        Tensor wide = memory.toRowMajor(y, DType.F32)) {
      launch
          .kernel("softmax_backward")
          .of(g)
          .of(wide)
          .of(dx)
          .of(r.outer)
          .of(r.n)
          .of(r.inner)
          .of(log)
          .warps(r.count());
    }
    return dx;
  }

  /** A tensor as [outer, n, inner] around one axis. */
  private static final class Rows {
    final long outer;
    final long n;
    final long inner;

    Rows(Shape s, int axis, Layout layout) {
      int ax = Axes.axis(s.rank(), axis);
      n = s.dim(ax);
      inner = ChannelsLast.strides(s, layout)[ax];
      outer = n * inner == 0 ? 0 : s.elements() / n / inner;
    }

    /** The order in which the places along an axis give row-major results: along channels, both. */
    static Layout layout(Tensor x, int axis) {
      return Axes.axis(x.shape().rank(), axis) == 1 ? x.layout() : Layout.ROW_MAJOR;
    }

    long count() {
      return outer * inner;
    }
  }
}
