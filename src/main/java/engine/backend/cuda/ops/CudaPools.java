package engine.backend.cuda.ops;

import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * Pooling of images in either layout; results and gradients are in that of the images. {@code
 * where} of a window is a place in it, U8, or I32 for windows of more than {@value #MOST_PLACES}
 * places; that of an adaptive cell the flat index in the plane, I32.
 */
public final class CudaPools implements Pools {
  /** Channels a thread of the kernels for halves takes. */
  private static final int CHANNELS_EACH = 8;

  /** Places of a window that a byte can tell, and that it has none. */
  private static final int MOST_PLACES = 255;

  private static final int WARP = 32;
  private static final int ROWS = 8;

  private final CudaMemory memory;
  private final Launcher launch;

  public CudaPools(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  /**
   * Images as [outer, H, W, inner]: [N * C, H, W, 1] where they are row-major, else [N, H, W, C].
   */
  private record Planes(long outer, int inner, boolean rowMajor) {
    static Planes of(Tensor x) {
      Shape s = x.shape();
      return x.layout().isRowMajor()
          ? new Planes(s.dim(0) * s.dim(1), 1, true)
          : new Planes(s.dim(0), s.size(1), false);
    }

    /** The layout of other images of the same planes. */
    Layout layout(Shape s) {
      return rowMajor ? Layout.ROW_MAJOR : ChannelsLast.of(s);
    }

    /** Whether there is a kernel of its own for them. */
    boolean areVectors(DType type) {
      return type != DType.F32 && !rowMajor && inner % CHANNELS_EACH == 0;
    }
  }

  private static boolean isWide(PoolGeometry g) {
    return (long) g.kernelH() * g.kernelW() > MOST_PLACES;
  }

  /** The type of the kernel for these windows. */
  private static DType type(Planes p, Tensor x, PoolGeometry g) {
    return p.areVectors(x.dtype()) && !isWide(g) ? x.dtype() : DType.F32;
  }

  @Override
  public Max max(Tensor x, PoolGeometry g) {
    Planes p = Planes.of(x);
    Shape s = g.outputShape(x.shape());
    DType type = type(p, x, g);
    try (Tensor in = memory.cast(x, type);
        Tensor y = memory.empty(type, s, p.layout(s));
        Arena arena = Arena.ofConfined()) {
      Tensor where = memory.empty(isWide(g) ? DType.I32 : DType.U8, s, p.layout(s));
      launch.kernel("max_pool" + suffix(type)).of(in).of(y).of(where).of(p.outer).of(p.inner);
      launch.of(struct(arena, x.shape(), s, g, false)).threads(s.elements() / each(type));
      return new Max(memory.cast(y, x.dtype()), where);
    }
  }

  @Override
  public Tensor maxBackward(Tensor dy, Max forward, Tensor x, PoolGeometry g) {
    Planes p = Planes.of(x);
    DType type = type(p, x, g);
    try (Tensor d = memory.to(dy, type, p.layout(dy.shape()));
        Tensor dx = memory.empty(type, x.shape(), x.layout());
        Arena arena = Arena.ofConfined()) {
      launch.kernel("max_pool_backward" + suffix(type)).of(d).of(forward.where()).of(dx);
      launch.of(p.outer).of(p.inner).of(struct(arena, x.shape(), dy.shape(), g, false));
      launch.threads(x.shape().elements() / each(type));
      return memory.cast(dx, x.dtype());
    }
  }

  private static String suffix(DType type) {
    return type == DType.F32 ? "" : "_" + type.name().toLowerCase(Locale.ROOT);
  }

  private static int each(DType type) {
    return type == DType.F32 ? 1 : CHANNELS_EACH;
  }

  @Override
  public Max adaptiveMax(Tensor x, int outH, int outW) {
    Planes p = Planes.of(x);
    Shape s = Pools.adaptiveShape(x.shape(), outH, outW);
    try (Tensor wide = memory.cast(x, DType.F32);
        Tensor y = memory.empty(DType.F32, s, p.layout(s))) {
      Tensor where = memory.empty(DType.I32, s, p.layout(s));
      launch.kernel("adaptive_max").of(wide).of(y).of(where);
      cells(p, x.shape(), s).threads(s.elements());
      return new Max(memory.cast(y, x.dtype()), where);
    }
  }

  @Override
  public Tensor adaptiveMaxBackward(Tensor dy, Max forward, Tensor x) {
    Planes p = Planes.of(x);
    try (Tensor d = memory.to(dy, DType.F32, p.layout(dy.shape()));
        Tensor dx = memory.empty(DType.F32, x.shape(), x.layout())) {
      launch.kernel("adaptive_max_backward").of(d).of(forward.where()).of(dx);
      cells(p, x.shape(), dy.shape()).threads(x.shape().elements());
      return memory.cast(dx, x.dtype());
    }
  }

  @Override
  public Tensor maxIndices(Max forward, Tensor x, PoolGeometry g) {
    Planes p = Planes.of(x);
    Shape s = forward.where().shape();
    Tensor out = memory.empty(DType.I64, s);
    try (Arena arena = Arena.ofConfined()) {
      launch.kernel("widen_indices").of(forward.where()).of(out).of(p.outer).of(p.inner);
      launch.of(struct(arena, x.shape(), s, g, false)).threads(s.elements());
    }
    return out;
  }

  @Override
  public Tensor average(Tensor x, PoolGeometry g, boolean countIncludePad) {
    checkNoDilation(g);
    Planes p = Planes.of(x);
    Shape s = g.outputShape(x.shape());
    try (Tensor wide = memory.cast(x, DType.F32);
        Tensor y = memory.empty(DType.F32, s, p.layout(s));
        Arena arena = Arena.ofConfined()) {
      launch.kernel("average_pool").of(wide).of(y).of(p.outer).of(p.inner);
      launch.of(struct(arena, x.shape(), s, g, countIncludePad)).threads(s.elements());
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor averageBackward(Tensor dy, Tensor x, PoolGeometry g, boolean countIncludePad) {
    checkNoDilation(g);
    Planes p = Planes.of(x);
    try (Tensor d = memory.to(dy, DType.F32, p.layout(dy.shape()));
        Tensor dx = memory.empty(DType.F32, x.shape(), x.layout());
        Arena arena = Arena.ofConfined()) {
      launch.kernel("average_pool_backward").of(d).of(dx).of(p.outer).of(p.inner);
      launch.of(struct(arena, x.shape(), dy.shape(), g, countIncludePad));
      launch.threads(x.shape().elements());
      return memory.cast(dx, x.dtype());
    }
  }

  @Override
  public Tensor adaptiveAverage(Tensor x, int outH, int outW) {
    Planes p = Planes.of(x);
    Shape s = Pools.adaptiveShape(x.shape(), outH, outW);
    boolean global = outH == 1 && outW == 1;
    DType type = global && arePairs(p, x) ? x.dtype() : DType.F32;
    try (Tensor in = memory.cast(x, type);
        Tensor y = memory.empty(DType.F32, s, p.layout(s))) {
      if (type != DType.F32) {
        launch.kernel("global_average" + suffix(type)).of(in).of(y).of(p.inner).of(plane(x));
        launch.grid((p.inner / 2 + WARP - 1) / WARP, x.shape().size(0), 1, WARP, ROWS);
      } else if (global && p.inner == 1) {
        launch.kernel("global_average").of(in).of(y).of(p.outer).of((long) plane(x));
        launch.warps(p.outer);
      } else {
        launch.kernel("adaptive_average").of(in).of(y);
        cells(p, x.shape(), s).threads(s.elements());
      }
      return memory.cast(y, x.dtype());
    }
  }

  @Override
  public Tensor adaptiveAverageBackward(Tensor dy, Tensor x) {
    Planes p = Planes.of(x);
    Shape s = dy.shape();
    boolean global = s.dim(2) == 1 && s.dim(3) == 1;
    DType type = global && arePairs(p, x) ? x.dtype() : DType.F32;
    try (Tensor d = memory.to(dy, DType.F32, p.layout(s));
        Tensor dx = memory.empty(type, x.shape(), x.layout())) {
      if (type != DType.F32) {
        launch.kernel("global_average_backward" + suffix(type)).of(d).of(dx);
        launch.of(p.outer).of(p.inner).of(plane(x)).threads(x.shape().elements() / 2);
      } else {
        launch.kernel("adaptive_average_backward").of(d).of(dx);
        cells(p, x.shape(), s).threads(x.shape().elements());
      }
      return memory.cast(dx, x.dtype());
    }
  }

  /** Channels-last halves of an even number of channels. */
  private static boolean arePairs(Planes p, Tensor x) {
    return x.dtype() != DType.F32 && !p.rowMajor && p.inner % 2 == 0 && p.outer > 0;
  }

  private static int plane(Tensor x) {
    return Math.toIntExact(x.shape().dim(2) * x.shape().dim(3));
  }

  private static void checkNoDilation(PoolGeometry g) {
    if (g.dilationH() != 1 || g.dilationW() != 1) {
      throw new IllegalArgumentException("an average pooling has no dilation");
    }
  }

  private Launcher cells(Planes p, Shape x, Shape y) {
    return launch.of(p.outer).of(p.inner).of(x.size(2)).of(x.size(3)).of(y.size(2)).of(y.size(3));
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
        countIncludePad ? 1 : 0,
        isWide(g) ? 1 : 0);
  }
}
