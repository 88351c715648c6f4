package engine.backend.cuda;

import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pooling of row-major planes; {@code where} is the flat index in the plane, I32. */
final class CudaPools implements Pools {
  private final CudaMemory memory;
  private final Launcher launch;

  CudaPools(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public Max max(Tensor x, PoolGeometry g) {
    Shape s = g.outputShape(x.shape());
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor y = memory.empty(DType.F32, s);
        Arena arena = Arena.ofConfined()) {
      Tensor where = memory.empty(DType.I32, s);
      launch
          .kernel("max_pool")
          .of(wide)
          .of(y)
          .of(where)
          .of(planes(x))
          .of(struct(arena, x.shape(), s, g, false))
          .threads(s.elements());
      return new Max(memory.cast(y, x.dtype()), where);
    }
  }

  @Override
  public Tensor maxBackward(Tensor dy, Max forward, Tensor x, PoolGeometry g) {
    try (Tensor d = memory.toRowMajor(dy, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape());
        Arena arena = Arena.ofConfined()) {
      launch
          .kernel("max_pool_backward")
          .of(d)
          .of(forward.where())
          .of(dx)
          .of(planes(x))
          .of(struct(arena, x.shape(), dy.shape(), g, false))
          .threads(x.shape().elements());
      return memory.cast(dx, x.dtype());
    }
  }

  @Override
  public Max adaptiveMax(Tensor x, int outH, int outW) {
    Shape s = Pools.adaptiveShape(x.shape(), outH, outW);
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor y = memory.empty(DType.F32, s)) {
      Tensor where = memory.empty(DType.I32, s);
      launch.kernel("adaptive_max").of(wide).of(y).of(where);
      cells(x.shape(), s).threads(s.elements());
      return new Max(memory.cast(y, x.dtype()), where);
    }
  }

  @Override
  public Tensor adaptiveMaxBackward(Tensor dy, Max forward, Tensor x) {
    try (Tensor d = memory.toRowMajor(dy, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape())) {
      launch.kernel("adaptive_max_backward").of(d).of(forward.where()).of(dx);
      cells(x.shape(), dy.shape()).threads(x.shape().elements());
      return memory.cast(dx, x.dtype());
    }
  }

  @Override
  public Tensor maxIndices(Max forward, Tensor x, PoolGeometry g) {
    Tensor out = memory.empty(DType.I64, forward.where().shape());
    long n = out.shape().elements();
    launch.kernel("widen_indices").of(forward.where()).of(out).of(n).threads(n);
    return out;
  }

  @Override
  public Tensor average(Tensor x, PoolGeometry g, boolean countIncludePad) {
    checkNoDilation(g);
    Shape s = g.outputShape(x.shape());
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor y = memory.empty(DType.F32, s);
        Arena arena = Arena.ofConfined()) {
      launch
          .kernel("average_pool")
          .of(wide)
          .of(y)
          .of(planes(x))
          .of(struct(arena, x.shape(), s, g, countIncludePad))
          .threads(s.elements());
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor averageBackward(Tensor dy, Tensor x, PoolGeometry g, boolean countIncludePad) {
    checkNoDilation(g);
    try (Tensor d = memory.toRowMajor(dy, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape());
        Arena arena = Arena.ofConfined()) {
      launch
          .kernel("average_pool_backward")
          .of(d)
          .of(dx)
          .of(planes(x))
          .of(struct(arena, x.shape(), dy.shape(), g, countIncludePad))
          .threads(x.shape().elements());
      return memory.cast(dx, x.dtype());
    }
  }

  @Override
  public Tensor adaptiveAverage(Tensor x, int outH, int outW) {
    Shape s = Pools.adaptiveShape(x.shape(), outH, outW);
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor y = memory.empty(DType.F32, s)) {
      if (outH == 1 && outW == 1) {
        launch
            .kernel("global_average")
            .of(wide)
            .of(y)
            .of(planes(x))
            .of(x.shape().dim(2) * x.shape().dim(3))
            .warps(planes(x));
      } else {
        launch.kernel("adaptive_average").of(wide).of(y);
        cells(x.shape(), s).threads(s.elements());
      }
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor adaptiveAverageBackward(Tensor dy, Tensor x) {
    try (Tensor d = memory.toRowMajor(dy, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape())) {
      launch.kernel("adaptive_average_backward").of(d).of(dx);
      cells(x.shape(), dy.shape()).threads(x.shape().elements());
      return memory.cast(dx, x.dtype());
    }
  }

  private static void checkNoDilation(PoolGeometry g) {
    if (g.dilationH() != 1 || g.dilationW() != 1) {
      throw new IllegalArgumentException("an average pooling has no dilation");
    }
  }

  private static long planes(Tensor x) {
    return x.shape().dim(0) * x.shape().dim(1);
  }

  private Launcher cells(Shape x, Shape y) {
    return launch.of(x.dim(0) * x.dim(1)).of(x.size(2)).of(x.size(3)).of(y.size(2)).of(y.size(3));
  }

  /** {@code struct Pool} of cuda/pool.cu. */
  private static MemorySegment struct(
      Arena arena, Shape x, Shape y, PoolGeometry g, boolean countIncludePad) {
    return arena.allocateFrom(
        ValueLayout.JAVA_INT,
        x.size(2),
        x.size(3),
        y.size(2),
        y.size(3),
        g.kernelH(),
        g.kernelW(),
        g.strideH(),
        g.strideW(),
        g.padH(),
        g.padW(),
        g.dilationH(),
        g.dilationW(),
        countIncludePad ? 1 : 0);
  }
}
