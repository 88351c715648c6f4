package engine.backend.cpu.dnnl;

import engine.backend.Conv2dGeometry;
import engine.backend.UnsupportedOnDeviceException;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * The oneDNN primitives of a convolution: forward for training and inference, and the two
 * gradients.
 */
public final class ConvPrimitives {
  private enum Pass {
    FORWARD,
    INFER,
    INFER_RELU,
    INFER_SUM,
    INFER_SUM_RELU,
    DATA,
    WEIGHT
  }

  private record Key(Pass pass, int x, Shape w, Conv2dGeometry g, boolean bias, int target) {}

  private final DnnlContext dnnl;

  public ConvPrimitives(DnnlContext dnnl) {
    this.dnnl = dnnl;
  }

  /**
   * The layout in which a convolution takes its images: row-major for the stem's few channels,
   * channels-last where a side has fewer channels than a vector has floats, which oneDNN's blocked
   * kernels refuse, else blocked.
   *
   * @param w shape of the filters
   */
  public Md image(Shape x, Shape w, Conv2dGeometry g, DType dtype) {
    return x.dim(1) <= 3 ? dnnl.mds.rowMajor(x, dtype) : beside(x, x, w, g, dtype);
  }

  /** The layout of the result, and of its gradient. */
  public Md result(Shape x, Shape w, Conv2dGeometry g, DType dtype) {
    return beside(g.outputShape(x, w), x, w, g, dtype);
  }

  /** The layout of the gradient of the images. */
  Md imageGradient(Shape x, Shape w, Conv2dGeometry g, DType dtype) {
    return beside(x, x, w, g, dtype);
  }

  private Md beside(Shape of, Shape x, Shape w, Conv2dGeometry g, DType dtype) {
    int vector = dnnl.mds.wide() ? 16 : 8;
    boolean narrow = g.groups() == 1 && x.dim(1) > 3 && Math.min(x.dim(1), w.dim(0)) < vector;
    return narrow ? dnnl.mds.channelsLast(of, dtype) : dnnl.mds.blocked(of, dtype);
  }

  /** The descriptor of a weight tensor as oneDNN sees it, groups as an axis of their own. */
  public Md weight(Tensor w, Conv2dGeometry g) {
    return w.layout() instanceof Md md ? md : dnnl.mds.rowMajor(grouped(w.shape(), g), w.dtype());
  }

  public Primitive backwardData(Shape x, Md dy, Shape w, Conv2dGeometry g) {
    Md dx = imageGradient(x, w, g, dy.dtype);
    return dnnl.primitive(
        new Key(Pass.DATA, dx.id, w, g, false, 0),
        () -> {
          Md any = anyWeight(w, g, dy.dtype);
          return dnnl.compile(
              "dnnl_convolution_backward_data_primitive_desc_create",
              describe(x, w, g, dy.dtype),
              new int[] {
                Dnnl.dnnl_query_diff_src_md, Dnnl.dnnl_query_weights_md, Dnnl.dnnl_query_diff_dst_md
              },
              new Md[] {dx, any, dy},
              0,
              (out, engine, attr, a) -> {
                long[] geo = geometry(x, dy.shape, w, g, a);
                return Dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                    out,
                    engine,
                    Dnnl.dnnl_convolution_direct,
                    dx.handle,
                    any.handle,
                    dy.handle,
                    geo[0],
                    geo[1],
                    geo[2],
                    geo[3],
                    forward(image(x, w, g, dy.dtype), w, g, false).descriptor(),
                    attr);
              });
        });
  }

  /**
   * @param target the layout that the gradient should have
   */
  public Primitive backwardWeight(
      Md x, Md dy, Shape w, boolean dbias, Conv2dGeometry g, Md target) {
    return dnnl.primitive(
        new Key(Pass.WEIGHT, x.id, w, g, dbias, target.id),
        () -> compileBackwardWeight(x, dy, w, dbias, g, target, anyWeight(w, g, DType.F32)));
  }

  /**
   * Writes the gradient where the weight's own layout allows a fast kernel, else in the layout that
   * does.
   */
  private Primitive compileBackwardWeight(
      Md x, Md dy, Shape w, boolean dbias, Conv2dGeometry g, Md target, Md any) {
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
      Md x, Md dy, Shape w, boolean dbias, Conv2dGeometry g, Md weights) {
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
          long bias = dbias ? dnnl.mds.rowMajor(Shape.of(w.dim(0)), DType.F32).handle : 0;
          return Dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
              out,
              engine,
              Dnnl.dnnl_convolution_direct,
              x.handle,
              weights.handle,
              bias,
              dy.handle,
              geo[0],
              geo[1],
              geo[2],
              geo[3],
              forward(x, w, g, dbias).descriptor(),
              attr);
        });
  }

  /**
   * With bias; {@code sum} adds to what the result holds already. Takes and gives images in {@link
   * #inferenceImage} layout, or channel-blocked where only a slow kernel reads that one.
   *
   * @param w the weight; a layout that an earlier call chose for it is kept where the same kernel
   *     reads it, so that batches of several sizes share one copy
   */
  public Primitive infer(
      Shape x, DType type, Tensor w, Conv2dGeometry g, boolean sum, boolean relu) {
    Pass pass =
        sum ? (relu ? Pass.INFER_SUM_RELU : Pass.INFER_SUM) : relu ? Pass.INFER_RELU : Pass.INFER;
    Md image = inferenceImage(x, w.shape(), g, type);
    Md placed = w.layout() instanceof Md md ? md : null;
    int target = placed == null ? 0 : placed.id + 1;
    return dnnl.primitive(
        new Key(pass, image.id, w.shape(), g, true, target),
        () -> {
          Md any = anyWeight(w.shape(), g, type);
          Primitive best = compileInfer(image, any, w.shape(), g, sum, relu);
          if (best.implementation().startsWith("ref")) {
            best = compileInfer(image(x, w.shape(), g, type), any, w.shape(), g, sum, relu);
          }
          if (placed == null || best.weights() == placed) {
            return best;
          }
          try {
            Primitive same = compileInfer(best.src(), placed, w.shape(), g, sum, relu);
            return same.implementation().equals(best.implementation()) ? same : best;
          } catch (UnsupportedOnDeviceException e) {
            return best;
          }
        });
  }

  /**
   * The layout of images at inference: oneDNN's 3x3 kernels for fp32 are 10 to 20 % faster
   * channels-last, those for bf16 are not. Training keeps to blocks, which suit its gradients.
   */
  private Md inferenceImage(Shape x, Shape w, Conv2dGeometry g, DType type) {
    return type == DType.F32 && dnnl.mds.wide()
        ? dnnl.mds.channelsLast(x, type)
        : image(x, w, g, type);
  }

  private Primitive compileInfer(
      Md x, Md weight, Shape w, Conv2dGeometry g, boolean sum, boolean relu) {
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
    try {
      return compileForward(x, weight, w, g, true, Dnnl.dnnl_forward_inference, post);
    } finally {
      Dnnl.dnnl_post_ops_destroy(post);
    }
  }

  public Primitive forward(Md x, Shape w, Conv2dGeometry g, boolean bias) {
    return dnnl.primitive(
        new Key(Pass.FORWARD, x.id, w, g, bias, 0),
        () ->
            compileForward(x, anyWeight(w, g, x.dtype), w, g, bias, Dnnl.dnnl_forward_training, 0));
  }

  private Primitive compileForward(
      Md x, Md weight, Shape w, Conv2dGeometry g, boolean bias, int prop, long postOps) {
    Shape y = g.outputShape(x.shape, w);
    Md yMd =
        x == dnnl.mds.channelsLast(x.shape, x.dtype)
            ? dnnl.mds.channelsLast(y, x.dtype)
            : dnnl.mds.blocked(y, x.dtype);
    return dnnl.compile(
        "dnnl_convolution_forward_primitive_desc_create",
        describe(x.shape, w, g, x.dtype),
        new int[] {Dnnl.dnnl_query_src_md, Dnnl.dnnl_query_weights_md, Dnnl.dnnl_query_dst_md},
        new Md[] {x, weight, yMd},
        postOps,
        (out, engine, attr, a) -> {
          long[] geo = geometry(x.shape, y, w, g, a);
          long b = bias ? dnnl.mds.rowMajor(Shape.of(w.dim(0)), DType.F32).handle : 0;
          return Dnnl.dnnl_convolution_forward_primitive_desc_create(
              out,
              engine,
              prop,
              Dnnl.dnnl_convolution_direct,
              x.handle,
              weight.handle,
              b,
              yMd.handle,
              geo[0],
              geo[1],
              geo[2],
              geo[3],
              attr);
        });
  }

  public static Shape grouped(Shape w, Conv2dGeometry g) {
    return g.groups() == 1
        ? w
        : Shape.of(g.groups(), w.dim(0) / g.groups(), w.dim(1), w.dim(2), w.dim(3));
  }

  private Md anyWeight(Shape w, Conv2dGeometry g, DType dtype) {
    return dnnl.mds.any(grouped(w, g), dtype);
  }

  /** Strides, dilations (oneDNN counts from 0), left and right padding as C arrays. */
  public static long[] geometry(Shape x, Shape y, Shape w, Conv2dGeometry g, Arena a) {
    long h = right(x.dim(2), y.dim(2), w.dim(2), g.strideH(), g.padTop(), g.dilationH());
    long v = right(x.dim(3), y.dim(3), w.dim(3), g.strideW(), g.padLeft(), g.dilationW());
    return new long[] {
      pair(a, g.strideH(), g.strideW()),
      pair(a, g.dilationH() - 1, g.dilationW() - 1),
      pair(a, g.padTop(), g.padLeft()),
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
