package engine.backend.cpu;

import engine.backend.PoolGeometry;
import engine.backend.PoolGeometry.Extent;
import engine.backend.Pools;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Max pooling and global average pooling by oneDNN; the general averages are {@link AveragePools}.
 */
final class CpuPools implements Pools {
  private record Key(boolean forward, int alg, int x, PoolGeometry g) {}

  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final AveragePools averages;
  private final AdaptiveMaxPools maxima;

  CpuPools(DnnlContext dnnl, CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.averages = new AveragePools(memory, queue, parallel);
    this.maxima = new AdaptiveMaxPools(memory, queue, parallel);
  }

  @Override
  public Max max(Tensor x, PoolGeometry g) {
    Md xMd = dnnl.mds.of(x);
    Primitive p = forward(Dnnl.dnnl_pooling_max, xMd, g);
    Tensor y = memory.empty(p.dst());
    Tensor where = memory.empty(p.workspace());
    dnnl.execute(
        p,
        new Args()
            .add(Dnnl.DNNL_ARG_SRC, xMd, x)
            .add(Dnnl.DNNL_ARG_DST, p.dst(), y)
            .add(Dnnl.DNNL_ARG_WORKSPACE, p.workspace(), where));
    return new Max(y, where);
  }

  @Override
  public Tensor maxBackward(Tensor dy, Max forward, Tensor x, PoolGeometry g) {
    Md xMd = dnnl.mds.of(x);
    Md yMd = dnnl.mds.of(forward.y());
    Primitive p = backward(Dnnl.dnnl_pooling_max, xMd, yMd, g);
    Tensor dx = memory.empty(xMd);
    try (Tensor d = memory.to(dy, yMd)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_DIFF_DST, yMd, d)
              .add(Dnnl.DNNL_ARG_WORKSPACE, dnnl.mds.of(forward.where()), forward.where())
              .add(Dnnl.DNNL_ARG_DIFF_SRC, xMd, dx));
    }
    return dx;
  }

  @Override
  public Max adaptiveMax(Tensor x, int outH, int outW) {
    return outH == 1 && outW == 1 ? max(x, global(x.shape())) : maxima.forward(x, outH, outW);
  }

  @Override
  public Tensor adaptiveMaxBackward(Tensor dy, Max forward, Tensor x) {
    return dy.shape().dim(2) == 1 && dy.shape().dim(3) == 1
        ? maxBackward(dy, forward, x, global(x.shape()))
        : maxima.backward(dy, forward, x);
  }

  /**
   * oneDNN's workspace holds, laid out as y, the place within the window: u8 for small windows,
   * else s32.
   */
  @Override
  public Tensor maxIndices(Max forward, Tensor x, PoolGeometry g) {
    Shape s = forward.y().shape();
    boolean small = g.kernelH() * g.kernelW() < 256;
    DType type = small ? DType.U8 : DType.I32;
    Md yMd = dnnl.mds.of(forward.y());
    Tensor indices = memory.empty(DType.I64, s);
    Md laid = dnnl.mds.likewise(yMd, type);
    try (Tensor where = new Tensor(type, s, laid, forward.where().retain().storage());
        Tensor plain = small ? bytesRowMajor(where, laid) : memory.toRowMajor(where, type)) {
      long w = x.shape().dim(3);
      long oh = s.dim(2);
      long ow = s.dim(3);
      for (long i = 0; i < s.elements(); i++) {
        int k = small ? Raw.u8(plain.address(), i) : Raw.i32(plain.address(), i);
        long row = i / ow % oh * g.strideH() - g.padH() + (long) (k / g.kernelW()) * g.dilationH();
        long col = i % ow * g.strideW() - g.padW() + (long) (k % g.kernelW()) * g.dilationW();
        Raw.i64(indices.address(), i, row * w + col);
      }
    }
    return indices;
  }

  private Tensor bytesRowMajor(Tensor where, Md laid) {
    Tensor plain = memory.empty(DType.U8, where.shape());
    if (laid == dnnl.mds.rowMajor(where.shape(), DType.U8)) {
      Raw.segment(plain.address(), where.shape().elements())
          .copyFrom(Raw.segment(where.address(), where.shape().elements()));
    } else {
      memory.copyInPlace(where, plain);
    }
    return plain;
  }

  @Override
  public Tensor average(Tensor x, PoolGeometry g, boolean countIncludePad) {
    return averages.average(x, g, countIncludePad);
  }

  @Override
  public Tensor averageBackward(Tensor dy, Tensor x, PoolGeometry g, boolean countIncludePad) {
    return averages.averageBackward(dy, x, g, countIncludePad);
  }

  @Override
  public Tensor adaptiveAverage(Tensor x, int outH, int outW) {
    if (outH != 1 || outW != 1) {
      return averages.adaptive(x, outH, outW);
    }
    Md xMd = dnnl.mds.of(x);
    Primitive p = forward(Dnnl.dnnl_pooling_avg_exclude_padding, xMd, global(x.shape()));
    Tensor y = memory.empty(p.dst());
    dnnl.execute(p, new Args().add(Dnnl.DNNL_ARG_SRC, xMd, x).add(Dnnl.DNNL_ARG_DST, p.dst(), y));
    return y;
  }

  @Override
  public Tensor adaptiveAverageBackward(Tensor dy, Tensor x) {
    if (dy.shape().dim(2) != 1 || dy.shape().dim(3) != 1) {
      return averages.adaptiveBackward(dy, x);
    }
    Md xMd = dnnl.mds.of(x);
    PoolGeometry g = global(x.shape());
    Md yMd = forward(Dnnl.dnnl_pooling_avg_exclude_padding, xMd, g).dst();
    Primitive p = backward(Dnnl.dnnl_pooling_avg_exclude_padding, xMd, yMd, g);
    Tensor dx = memory.empty(xMd);
    try (Tensor d = memory.to(dy, yMd)) {
      dnnl.execute(
          p, new Args().add(Dnnl.DNNL_ARG_DIFF_DST, yMd, d).add(Dnnl.DNNL_ARG_DIFF_SRC, xMd, dx));
    }
    return dx;
  }

  private static PoolGeometry global(Shape x) {
    int h = x.size(2);
    int w = x.size(3);
    Extent whole = new Extent(h, w);
    return new PoolGeometry(whole, whole, new Extent(0, 0), new Extent(1, 1), false);
  }

  private Primitive forward(int alg, Md x, PoolGeometry g) {
    return dnnl.primitive(
        new Key(true, alg, x.id, g),
        () -> {
          Shape y = g.outputShape(x.shape);
          Md any = dnnl.mds.sameKind(x, y);
          return dnnl.compile(
              "dnnl_pooling_forward_primitive_desc_create",
              x.dtype + " " + x.shape + ", " + g,
              new int[] {0, 0, Dnnl.dnnl_query_dst_md},
              new Md[] {null, null, any},
              0,
              (out, engine, attr, a) -> {
                long[] geo = geometry(x.shape, y, g, a);
                return Dnnl.dnnl_pooling_forward_primitive_desc_create(
                    out,
                    engine,
                    Dnnl.dnnl_forward_training,
                    alg,
                    x.handle,
                    any.handle,
                    geo[0],
                    geo[1],
                    geo[2],
                    geo[3],
                    geo[4],
                    attr);
              });
        });
  }

  private Primitive backward(int alg, Md x, Md y, PoolGeometry g) {
    return dnnl.primitive(
        new Key(false, alg, x.id, g),
        () ->
            dnnl.compile(
                "dnnl_pooling_backward_primitive_desc_create",
                x.dtype + " " + x.shape + ", " + g,
                new int[3],
                new Md[3],
                0,
                (out, engine, attr, a) -> {
                  long[] geo = geometry(x.shape, y.shape, g, a);
                  return Dnnl.dnnl_pooling_backward_primitive_desc_create(
                      out,
                      engine,
                      alg,
                      x.handle,
                      y.handle,
                      geo[0],
                      geo[1],
                      geo[2],
                      geo[3],
                      geo[4],
                      forward(alg, x, g).descriptor(),
                      attr);
                }));
  }

  /** Strides, kernel, dilation (oneDNN counts from 0), left and right padding as C arrays. */
  private static long[] geometry(Shape x, Shape y, PoolGeometry g, Arena a) {
    long right =
        (y.dim(2) - 1) * g.strideH() + (g.kernelH() - 1L) * g.dilationH() + 1 - x.dim(2) - g.padH();
    long bottom =
        (y.dim(3) - 1) * g.strideW() + (g.kernelW() - 1L) * g.dilationW() + 1 - x.dim(3) - g.padW();
    return new long[] {
      pair(a, g.strideH(), g.strideW()),
      pair(a, g.kernelH(), g.kernelW()),
      pair(a, g.dilationH() - 1, g.dilationW() - 1),
      pair(a, g.padH(), g.padW()),
      pair(a, right, bottom)
    };
  }

  private static long pair(Arena a, long h, long w) {
    return a.allocateFrom(ValueLayout.JAVA_LONG, h, w).address();
  }
}
