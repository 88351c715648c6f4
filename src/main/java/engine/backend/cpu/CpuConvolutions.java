package engine.backend.cpu;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.UnsupportedOnDeviceException;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Convolutions by oneDNN. Images lie channel-blocked, except the few-channel input of a network, which stays row-major;
 * weights lie as the forward kernel wants them, and backward-data, which wants another order, converts them once a call.
 */
final class CpuConvolutions implements Convolutions {
  private enum Pass {
    FORWARD,
    INFER,
    INFER_RELU,
    INFER_SUM,
    INFER_SUM_RELU,
    DATA,
    WEIGHT
  }

  private record Key(Pass pass, int x, Shape w, Conv2dGeometry g, boolean bias, int fixedWeight) {}

  private static final int FORWARD_ALG = Dnnl.dnnl_convolution_direct;
  private static final Conv2dGeometry UNGROUPED = Conv2dGeometry.of(1, 0, 1);

  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final NormFolding kernels;

  CpuConvolutions(DnnlContext dnnl, CpuMemory memory, NormFolding kernels) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.kernels = kernels;
  }

  @Override
  public Tensor placeWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    return place(w, forward(imageMd(x, type), w.shape(), g, false).weights(), g);
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias, Conv2dGeometry g) {
    Shape out = g.outputShape(x.shape(), w.shape());
    Md xMd = imageMd(x.shape(), x.dtype());
    Primitive p = forward(xMd, w.shape(), g, bias != null);
    Tensor y = memory.empty(dnnl.mds.blocked(out, x.dtype()));
    try (Tensor xb = memory.to(x, xMd);
        Tensor wb = place(w, p.weights(), g)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, xMd, xb)
              .add(Dnnl.DNNL_ARG_WEIGHTS, p.weights(), wb)
              .add(Dnnl.DNNL_ARG_BIAS, bias == null ? null : dnnl.mds.of(bias), bias)
              .add(Dnnl.DNNL_ARG_DST, p.dst(), y));
    }
    return y;
  }

  @Override
  public Tensor inferInPlace(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g) {
    Md xMd = imageMd(x.shape(), x.dtype());
    Primitive p = infer(xMd, w.shape(), g, residual != null, relu);
    Tensor y = residual == null ? memory.empty(p.dst()) : memory.to(residual, p.dst());
    try (Tensor xb = memory.to(x, xMd);
        Tensor wb = place(w, p.weights(), g)) {
      dnnl.execute(
            p,
            new Args()
                .add(Dnnl.DNNL_ARG_SRC, xMd, xb)
                .add(Dnnl.DNNL_ARG_WEIGHTS, p.weights(), wb)
                .add(Dnnl.DNNL_ARG_BIAS, dnnl.mds.of(bias), bias)
                .add(Dnnl.DNNL_ARG_DST, p.dst(), y));
    }
    return y;
  }

  @Override
  public Folded foldNorm(
      Tensor w, Tensor scale, Tensor shift, Tensor mean, Tensor variance, float eps) {
    Tensor weight = memory.empty(DType.F32, w.shape());
    Tensor bias = memory.empty(DType.F32, scale.shape());
    try (Tensor plain = place(w, dnnl.mds.rowMajor(grouped(w.shape(), UNGROUPED), DType.F32), UNGROUPED)) {
      kernels.foldNorm(plain, scale, shift, mean, variance, eps, weight, bias);
    }
    return new Folded(weight, bias);
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Shape x, Conv2dGeometry g) {
    Md xMd = dnnl.mds.blocked(x, dy.dtype());
    Md dyMd = dnnl.mds.blocked(dy.shape(), dy.dtype());
    Primitive p = backwardData(xMd, dyMd, w.shape(), g);
    Tensor dx = memory.empty(xMd);
    try (Tensor dyb = memory.to(dy, dyMd);
        Tensor wb = place(w, p.weights(), g)) {
      dnnl.execute(
            p,
            new Args()
                .add(Dnnl.DNNL_ARG_DIFF_DST, dyMd, dyb)
                .add(Dnnl.DNNL_ARG_WEIGHTS, p.weights(), wb)
                .add(Dnnl.DNNL_ARG_DIFF_SRC, xMd, dx));
    }
    return dx;
  }

  @Override
  public Tensor backwardWeight(Tensor x, Tensor dy, Tensor w, Tensor dbias, Conv2dGeometry g) {
    Md dyMd = dnnl.mds.blocked(dy.shape(), dy.dtype());
    Md target = weightMd(w, g);
    Md xMd = imageMd(x.shape(), x.dtype());
    Primitive p = backwardWeight(xMd, dyMd, w.shape(), dbias, g, target);
    if (p.implementation().startsWith("ref") && x.dtype() != DType.F32) {
      // No fast kernel in half precision, as for a stem of one channel: worth the two casts.
      try (Tensor x32 = memory.to(x, imageMd(x.shape(), DType.F32));
          Tensor dy32 = memory.to(dy, dnnl.mds.blocked(dy.shape(), DType.F32))) {
        return backwardWeight(x32, dy32, w, dbias, g);
      }
    }
    Tensor dw = memory.empty(p.weights());
    try (Tensor xb = memory.to(x, xMd);
        Tensor dyb = memory.to(dy, dyMd)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, xMd, xb)
              .add(Dnnl.DNNL_ARG_DIFF_DST, dyMd, dyb)
              .add(Dnnl.DNNL_ARG_DIFF_WEIGHTS, p.weights(), dw)
              .add(Dnnl.DNNL_ARG_DIFF_BIAS, dbias == null ? null : dnnl.mds.of(dbias), dbias));
    }
    return restore(dw, w, target);
  }

  @Override
  public String implementation(Kernel kernel, Tensor x, Tensor w, Conv2dGeometry g) {
    Md xMd = imageMd(x.shape(), x.dtype());
    Md yMd = dnnl.mds.blocked(g.outputShape(x.shape(), w.shape()), x.dtype());
    return switch (kernel) {
      case FORWARD -> forward(xMd, w.shape(), g, false).implementation();
      case BACKWARD_DATA ->
          backwardData(dnnl.mds.blocked(x.shape(), x.dtype()), yMd, w.shape(), g).implementation();
      case BACKWARD_WEIGHT ->
          backwardWeight(xMd, yMd, w.shape(), null, g, weightMd(w, g)).implementation();
    };
  }

  private Primitive backwardData(Md x, Md dy, Shape w, Conv2dGeometry g) {
    return dnnl.primitive(
        new Key(Pass.DATA, x.id, w, g, false, 0),
        () -> {
          Md any = anyWeight(w, g, dy.dtype);
          return dnnl.compile(
              "dnnl_convolution_backward_data_primitive_desc_create",
              describe(x.shape, w, g, dy.dtype),
              new int[] {
                Dnnl.dnnl_query_diff_src_md,
                Dnnl.dnnl_query_weights_md,
                Dnnl.dnnl_query_diff_dst_md
              },
              new Md[] {x, any, dy},
              0,
              (out, engine, attr, a) -> {
                long[] geo = geometry(x.shape, dy.shape, w, g, a);
                return Dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                    out, engine, Dnnl.dnnl_convolution_direct, x.handle, any.handle, dy.handle,
                    geo[0], geo[1], geo[2], geo[3],
                    forward(imageMd(x.shape, dy.dtype), w, g, false).descriptor(), attr);
              });
        });
  }

  private Primitive backwardWeight(
      Md x, Md dy, Shape w, Tensor dbias, Conv2dGeometry g, Md target) {
    return dnnl.primitive(
        new Key(Pass.WEIGHT, x.id, w, g, dbias != null, target.id),
        () -> compileBackwardWeight(x, dy, w, dbias, g, target, anyWeight(w, g, DType.F32)));
  }

  /** Writes the gradient where the weight's own layout allows a fast kernel, else in the layout that does. */
  private Primitive compileBackwardWeight(
      Md x, Md dy, Shape w, Tensor dbias, Conv2dGeometry g, Md target, Md any) {
    Primitive best = compileBackwardWeight(x, dy, w, dbias, g, any);
    if (best.weights() == target) {
      return best;
    }
    try {
      Primitive fixed = compileBackwardWeight(x, dy, w, dbias, g, target);
      return fixed.implementation().equals(best.implementation()) ? fixed : best;
    } catch (UnsupportedOnDeviceException e) {
      return best;
    }
  }

  private Primitive compileBackwardWeight(
      Md x, Md dy, Shape w, Tensor dbias, Conv2dGeometry g, Md weights) {
    return dnnl.compile(
        "dnnl_convolution_backward_weights_primitive_desc_create",
        describe(x.shape, w, g, x.dtype),
        new int[] {
          Dnnl.dnnl_query_src_md, Dnnl.dnnl_query_diff_weights_md, Dnnl.dnnl_query_diff_dst_md
        },
        new Md[] {x, weights, dy},
        0,
        (out, engine, attr, a) -> {
          long[] geo = geometry(x.shape, dy.shape, w, g, a);
          long bias = dbias == null ? 0 : dnnl.mds.of(dbias).handle;
          return Dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
              out, engine, Dnnl.dnnl_convolution_direct, x.handle, weights.handle, bias, dy.handle,
              geo[0], geo[1], geo[2], geo[3], forward(x, w, g, dbias != null).descriptor(), attr);
        });
  }

  private Primitive infer(Md x, Shape w, Conv2dGeometry g, boolean sum, boolean relu) {
    Pass pass =
        sum ? (relu ? Pass.INFER_SUM_RELU : Pass.INFER_SUM) : relu ? Pass.INFER_RELU : Pass.INFER;
    return dnnl.primitive(
        new Key(pass, x.id, w, g, true, 0),
        () -> {
          long post = DnnlContext.newPostOps();
          if (sum) {
            DnnlStatus.check(
                Dnnl.dnnl_post_ops_append_sum(post, 1, 0, MdTable.dataType(x.dtype)),
                "dnnl_post_ops_append_sum",
                x.shape);
          }
          if (relu) {
            DnnlStatus.check(
                Dnnl.dnnl_post_ops_append_eltwise(post, Dnnl.dnnl_eltwise_relu, 0, 0),
                "dnnl_post_ops_append_eltwise",
                x.shape);
          }
          Primitive p = compileForward(x, w, g, true, Dnnl.dnnl_forward_inference, post);
          Dnnl.dnnl_post_ops_destroy(post);
          return p;
        });
  }

  private Primitive forward(Md x, Shape w, Conv2dGeometry g, boolean bias) {
    return dnnl.primitive(
        new Key(Pass.FORWARD, x.id, w, g, bias, 0),
        () -> compileForward(x, w, g, bias, Dnnl.dnnl_forward_training, 0));
  }

  private Primitive compileForward(
      Md x, Shape w, Conv2dGeometry g, boolean bias, int prop, long postOps) {
    Shape y = g.outputShape(x.shape, w);
    Md any = anyWeight(w, g, x.dtype);
    Md yMd = dnnl.mds.blocked(y, x.dtype);
    return dnnl.compile(
        "dnnl_convolution_forward_primitive_desc_create",
        describe(x.shape, w, g, x.dtype),
        new int[] {Dnnl.dnnl_query_src_md, Dnnl.dnnl_query_weights_md, Dnnl.dnnl_query_dst_md},
        new Md[] {x, any, yMd},
        postOps,
        (out, engine, attr, a) -> {
          long[] geo = geometry(x.shape, y, w, g, a);
          long b = bias ? dnnl.mds.rowMajor(Shape.of(w.dim(0)), DType.F32).handle : 0;
          return Dnnl.dnnl_convolution_forward_primitive_desc_create(
              out, engine, prop, FORWARD_ALG, x.handle, any.handle, b, yMd.handle, geo[0], geo[1],
              geo[2], geo[3], attr);
        });
  }

  /** The layout in which this class takes images: row-major for the stem's few channels, else blocked. */
  private Md imageMd(Shape x, DType dtype) {
    return x.dim(1) <= 3 ? dnnl.mds.rowMajor(x, dtype) : dnnl.mds.blocked(x, dtype);
  }

  private static Shape grouped(Shape w, Conv2dGeometry g) {
    return g.groups() == 1
        ? w
        : Shape.of(g.groups(), w.dim(0) / g.groups(), w.dim(1), w.dim(2), w.dim(3));
  }

  private Md anyWeight(Shape w, Conv2dGeometry g, DType dtype) {
    return dnnl.mds.any(grouped(w, g), dtype);
  }

  /** The descriptor of a weight tensor as oneDNN sees it, groups as an axis of their own. */
  private Md weightMd(Tensor w, Conv2dGeometry g) {
    return w.layout() instanceof Md md ? md : dnnl.mds.rowMajor(grouped(w.shape(), g), w.dtype());
  }

  /** A weight tensor in another layout or type, its shape kept as the caller knows it. */
  private Tensor place(Tensor w, Md wanted, Conv2dGeometry g) {
    Md from = weightMd(w, g);
    if (from == wanted) {
      return w.retain();
    }
    try (Tensor seen = view(w, from)) {
      Tensor placed = memory.empty(wanted);
      memory.copyInPlace(seen, placed);
      return rename(placed, w.shape(), wanted);
    }
  }

  /** A fresh gradient in the layout of its weight. */
  private Tensor restore(Tensor dw, Tensor w, Md target) {
    Md have = dnnl.mds.of(dw);
    if (have == target) {
      return rename(dw, w.shape(), target);
    }
    try (dw) {
      Tensor out = memory.empty(target);
      memory.copyInPlace(dw, out);
      return rename(out, w.shape(), target);
    }
  }

  private Tensor view(Tensor w, Md as) {
    Tensor r = w.retain();
    return new Tensor(r.dtype(), as.shape, as == dnnl.mds.rowMajor(as.shape, as.dtype) ? engine.tensor.Layout.ROW_MAJOR : as, r.storage());
  }

  /** The same storage under the caller's shape; row-major stays row-major whatever the axes are called. */
  private Tensor rename(Tensor t, Shape shape, Md md) {
    return new Tensor(t.dtype(), shape, t.layout().isRowMajor() ? t.layout() : md, t.storage());
  }

  /** Strides, dilations (oneDNN counts from 0), left and right padding as C arrays. */
  private static long[] geometry(Shape x, Shape y, Shape w, Conv2dGeometry g, Arena a) {
    long h = right(x.dim(2), y.dim(2), w.dim(2), g.strideH(), g.padH(), g.dilationH());
    long v = right(x.dim(3), y.dim(3), w.dim(3), g.strideW(), g.padW(), g.dilationW());
    return new long[] {
      pair(a, g.strideH(), g.strideW()),
      pair(a, g.dilationH() - 1, g.dilationW() - 1),
      pair(a, g.padH(), g.padW()),
      pair(a, h, v)
    };
  }

  private static long right(long in, long out, long kernel, long stride, long left, long dilation) {
    return (out - 1) * stride + (kernel - 1) * dilation + 1 - in - left;
  }

  private static long pair(Arena a, long h, long w) {
    return a.allocateFrom(ValueLayout.JAVA_LONG, h, w).address();
  }

  private static String describe(Shape x, Shape w, Conv2dGeometry g, DType dtype) {
    return dtype + " x " + x + ", w " + w + ", " + g;
  }
}
