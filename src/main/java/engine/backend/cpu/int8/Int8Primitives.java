package engine.backend.cpu.int8;

import engine.backend.Conv2dGeometry;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.PoolGeometry;
import engine.backend.cpu.dnnl.ConvPrimitives;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.DnnlStatus;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.MdTable;
import engine.backend.cpu.dnnl.Primitive;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * oneDNN primitives with requantisation inside. What oneDNN would multiply apart, the scales of
 * source, weights and destination, is one factor a channel here: {@code q = zp + round(factor * sum
 * + bias + residual)}, in units of the result.
 */
final class Int8Primitives {
  private final DnnlContext dnnl;

  Int8Primitives(DnnlContext dnnl) {
    this.dnnl = dnnl;
  }

  /** Images channels last. */
  Md image(Shape shape, DType dtype) {
    return dnnl.mds.channelsLast(shape, dtype);
  }

  /**
   * A convolution; arguments: source, weights, bias (F32), destination, weight scales, and zero
   * points of source and destination where they are not 0. A residual is in the destination before.
   */
  Primitive conv(
      Int8Layer.Conv c, Shape x, QuantizedType in, QuantizedType out, QuantizedType residual) {
    Conv2dGeometry g = c.geometry();
    Shape w = c.weight().shape();
    Shape y = g.outputShape(x, w);
    Md xMd = image(x, in.dtype());
    Md yMd = image(y, out.dtype());
    Md any = dnnl.mds.any(ConvPrimitives.grouped(w, g), DType.I8);
    long post = DnnlContext.newPostOps();
    if (residual != null) {
      check(
          Dnnl.dnnl_post_ops_append_sum(
              post,
              residual.scale() / out.scale(),
              residual.zeroPoint(),
              MdTable.dataType(residual.dtype())),
          "dnnl_post_ops_append_sum",
          c.name());
    }
    // Bytes without sign cut at 0 by themselves.
    if (c.relu() && (out.zeroPoint() != 0 || out.dtype() != DType.U8)) {
      check(
          Dnnl.dnnl_post_ops_append_eltwise(post, Dnnl.dnnl_eltwise_relu, 0f, 0f),
          "dnnl_post_ops_append_eltwise",
          c.name());
    }
    try {
      return dnnl.compile(
          "dnnl_convolution_forward_primitive_desc_create",
          "int8 " + c.name() + ", x " + x + ", w " + w,
          new int[] {Dnnl.dnnl_query_src_md, Dnnl.dnnl_query_weights_md, Dnnl.dnnl_query_dst_md},
          new Md[] {xMd, any, yMd},
          post,
          attr -> {
            scales(attr, Dnnl.DNNL_ARG_WEIGHTS, g.groups() == 1 ? 1 : 3, c.name());
            zeroPoint(attr, Dnnl.DNNL_ARG_SRC, in, c.name());
            zeroPoint(attr, Dnnl.DNNL_ARG_DST, out, c.name());
          },
          (o, engine, attr, a) -> {
            long[] geo = ConvPrimitives.geometry(x, y, w, g, a);
            return Dnnl.dnnl_convolution_forward_primitive_desc_create(
                o,
                engine,
                Dnnl.dnnl_forward_inference,
                Dnnl.dnnl_convolution_direct,
                xMd.handle,
                any.handle,
                dnnl.mds.rowMajor(Shape.of(w.dim(0)), DType.F32).handle,
                yMd.handle,
                geo[0],
                geo[1],
                geo[2],
                geo[3],
                attr);
          });
    } finally {
      Dnnl.dnnl_post_ops_destroy(post);
    }
  }

  /** Arguments: source, destination. */
  Primitive maxPool(PoolGeometry g, Shape x, DType dtype) {
    Shape y = g.outputShape(x);
    Md xMd = image(x, dtype);
    Md yMd = image(y, dtype);
    return dnnl.compile(
        "dnnl_pooling_forward_primitive_desc_create",
        "int8 max pooling of " + x,
        new int[3],
        new Md[3],
        0,
        (out, engine, attr, a) ->
            Dnnl.dnnl_pooling_forward_primitive_desc_create(
                out,
                engine,
                Dnnl.dnnl_forward_inference,
                Dnnl.dnnl_pooling_max,
                xMd.handle,
                yMd.handle,
                pair(a, g.strideH(), g.strideW()),
                pair(a, g.kernelH(), g.kernelW()),
                pair(a, g.dilationH() - 1, g.dilationW() - 1),
                pair(a, g.padH(), g.padW()),
                pair(
                    a,
                    right(x.dim(2), y.dim(2), g.kernelH(), g.strideH(), g.padH(), g.dilationH()),
                    right(x.dim(3), y.dim(3), g.kernelW(), g.strideW(), g.padW(), g.dilationW())),
                attr));
  }

  /**
   * Rows times weights to F32; arguments: source, weights, bias (F32), destination, weight scales,
   * and the source's zero point where it is not 0.
   */
  Primitive linear(Int8Layer.Linear l, long rows, QuantizedType in) {
    long outs = l.weight().shape().dim(0);
    long ins = l.weight().shape().dim(1);
    Md xMd = dnnl.mds.rowMajor(Shape.of(rows, ins), in.dtype());
    Md any = dnnl.mds.any(Shape.of(ins, outs), DType.I8);
    Md yMd = dnnl.mds.rowMajor(Shape.of(rows, outs), DType.F32);
    Md bias = dnnl.mds.rowMajor(Shape.of(1, outs), DType.F32);
    return dnnl.compile(
        "dnnl_matmul_primitive_desc_create",
        "int8 " + l.name(),
        new int[] {Dnnl.dnnl_query_src_md, Dnnl.dnnl_query_weights_md, Dnnl.dnnl_query_dst_md},
        new Md[] {xMd, any, yMd},
        0,
        attr -> {
          scales(attr, Dnnl.DNNL_ARG_WEIGHTS, 2, l.name());
          zeroPoint(attr, Dnnl.DNNL_ARG_SRC, in, l.name());
        },
        (out, engine, attr, a) ->
            Dnnl.dnnl_matmul_primitive_desc_create(
                out, engine, xMd.handle, any.handle, bias.handle, yMd.handle, attr));
  }

  /**
   * F32 images by channel to bytes channels last, times a factor plus a zero point; arguments:
   * source, destination, the source's scale, and the destination's zero point where it is not 0.
   */
  Primitive quantize(Shape x, QuantizedType to) {
    Md from = dnnl.mds.rowMajor(x, DType.F32);
    Md out = image(x, to.dtype());
    return dnnl.compile(
        "dnnl_reorder_primitive_desc_create",
        "quantisation of " + x,
        new int[3],
        new Md[3],
        0,
        attr -> {
          scales(attr, Dnnl.DNNL_ARG_SRC, 0, "input");
          zeroPoint(attr, Dnnl.DNNL_ARG_DST, to, "input");
        },
        (o, engine, attr, a) ->
            Dnnl.dnnl_reorder_primitive_desc_create(
                o, from.handle, engine, out.handle, engine, attr));
  }

  private static void scales(long attr, int arg, int mask, String what) {
    check(
        Dnnl.dnnl_primitive_attr_set_scales_mask(attr, arg, mask),
        "dnnl_primitive_attr_set_scales_mask",
        what);
  }

  private static void zeroPoint(long attr, int arg, QuantizedType grid, String what) {
    if (grid.zeroPoint() != 0) {
      check(
          Dnnl.dnnl_primitive_attr_set_zero_points_mask(attr, arg, 0),
          "dnnl_primitive_attr_set_zero_points_mask",
          what);
    }
  }

  private static void check(int status, String call, String what) {
    DnnlStatus.check(status, call, what);
  }

  private static long right(long in, long out, long kernel, long stride, long left, long dilation) {
    return (out - 1) * stride + (kernel - 1) * dilation + 1 - in - left;
  }

  private static long pair(Arena a, long h, long w) {
    MemorySegment s = a.allocateFrom(ValueLayout.JAVA_LONG, h, w);
    return s.address();
  }
}
