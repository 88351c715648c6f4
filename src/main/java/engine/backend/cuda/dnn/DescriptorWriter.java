package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_COMP_TYPE;
import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_CONV_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_DILATIONS;
import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES;
import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_POST_PADDINGS;
import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS;
import static engine.ffi.Cudnn.CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATIONGRAPH_HANDLE;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATIONGRAPH_OPS;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_BDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_XDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_YDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_POINTWISE_MATH_PREC;
import static engine.ffi.Cudnn.CUDNN_ATTR_POINTWISE_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_POINTWISE_NAN_PROPAGATION;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_IS_BY_VALUE;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_IS_VIRTUAL;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_STRIDES;
import static engine.ffi.Cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID;
import static engine.ffi.Cudnn.CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_POINTWISE_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_CROSS_CORRELATION;
import static engine.ffi.Cudnn.CUDNN_DATA_FLOAT;
import static engine.ffi.Cudnn.CUDNN_DATA_INT32;
import static engine.ffi.Cudnn.CUDNN_DATA_INT8;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_RELU_FWD;
import static engine.ffi.Cudnn.CUDNN_TYPE_CONVOLUTION_MODE;
import static engine.ffi.Cudnn.CUDNN_TYPE_DATA_TYPE;
import static engine.ffi.Cudnn.CUDNN_TYPE_HANDLE;
import static engine.ffi.Cudnn.CUDNN_TYPE_INT64;
import static engine.ffi.Cudnn.CUDNN_TYPE_NAN_PROPOGATION;
import static engine.ffi.Cudnn.CUDNN_TYPE_POINTWISE_MODE;

import engine.backend.Conv2dGeometry;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes an {@link OperationGraph} as descriptors. */
final class DescriptorWriter {
  /** What the pool guarantees, and what the fastest kernels want. */
  static final int ALIGNMENT = 16;

  /** The descriptor and the attributes of a convolution in one direction. */
  private record Names(int kind, int shape, int x, int w, int y, int alpha, int beta) {}

  private static final Names FORWARD =
      new Names(
          CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
          CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
          CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
          CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
          CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
          CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
          CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA);
  private static final Names DATA =
      new Names(
          CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA);
  private static final Names FILTER =
      new Names(
          CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA);

  private final Descriptors to;
  private final Map<GraphTensor, Long> tensors = new LinkedHashMap<>();

  DescriptorWriter(Descriptors to) {
    this.to = to;
  }

  /**
   * The finalised graph.
   *
   * @param handle 0 for a device that is only described
   */
  long write(OperationGraph graph, long handle) {
    long[] operations = graph.operations().stream().mapToLong(this::operation).toArray();
    long g = to.make(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
    if (handle != 0) {
      to.setLongs(g, CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, handle);
    }
    to.setParts(g, CUDNN_ATTR_OPERATIONGRAPH_OPS, operations);
    return to.finish(g, "the graph " + graph.name());
  }

  private long operation(GraphOperation o) {
    return switch (o) {
      case GraphOperation.Convolution c -> convolution(c);
      case GraphOperation.Pointwise p -> pointwise(p);
      case GraphOperation.Statistics s -> new NormWriter(to, this).statistics(s);
      case GraphOperation.NormForward n -> new NormWriter(to, this).forward(n);
      case GraphOperation.NormBackward n -> new NormWriter(to, this).backward(n);
    };
  }

  /** The descriptor of a tensor, made once. */
  long tensor(GraphTensor t) {
    return tensors.computeIfAbsent(t, x -> write(x, false));
  }

  /** The same for a number whose address is in host memory. */
  long number(GraphTensor t) {
    return tensors.computeIfAbsent(t, x -> write(x, true));
  }

  private long write(GraphTensor t, boolean byValue) {
    long d = to.make(CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    to.setLongs(d, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, t.id());
    to.setInts(d, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, t.dataType());
    int alignment = byValue ? Float.BYTES : ALIGNMENT;
    to.setLongs(d, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, alignment);
    to.setLongs(d, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, longs(t.dims()));
    to.setLongs(d, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, longs(t.strides()));
    if (t.isVirtual()) {
      to.setTrue(d, CUDNN_ATTR_TENSOR_IS_VIRTUAL);
    }
    if (byValue) {
      to.setTrue(d, CUDNN_ATTR_TENSOR_IS_BY_VALUE);
    }
    return to.finish(d, "a tensor of extents " + t.dims());
  }

  private long convolution(GraphOperation.Convolution c) {
    Names names =
        switch (c.direction()) {
          case FORWARD -> FORWARD;
          case DATA -> DATA;
          case FILTER -> FILTER;
        };
    long o = to.make(names.kind);
    to.setParts(o, names.shape, window(c));
    to.setParts(o, names.x, tensor(c.x()));
    to.setParts(o, names.w, tensor(c.w()));
    to.setParts(o, names.y, tensor(c.y()));
    to.setFloat(o, names.alpha, 1);
    to.setFloat(o, names.beta, 0);
    return to.finish(o, "a convolution of images " + c.x().dims() + " and filters " + c.w().dims());
  }

  private long window(GraphOperation.Convolution c) {
    Conv2dGeometry g = c.geometry();
    long d = to.make(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
    int sums = c.x().dataType() == CUDNN_DATA_INT8 ? CUDNN_DATA_INT32 : CUDNN_DATA_FLOAT;
    to.setInts(d, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, sums);
    to.setInts(
        d, CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, CUDNN_CROSS_CORRELATION);
    to.setLongs(d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, 2);
    to.setLongs(d, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, g.padTop(), g.padLeft());
    to.setLongs(
        d, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, g.padBottom(), g.padRight());
    to.setLongs(
        d, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, g.strideH(), g.strideW());
    to.setLongs(
        d, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, g.dilationH(), g.dilationW());
    return to.finish(d, "a convolution " + g);
  }

  private long pointwise(GraphOperation.Pointwise p) {
    long d = to.make(CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    to.setInts(d, CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, p.mode());
    to.setInts(d, CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT);
    if (p.mode() == CUDNN_POINTWISE_RELU_FWD) {
      // As in PyTorch: a NaN stays one, so that a broken run is seen.
      to.setInts(d, CUDNN_ATTR_POINTWISE_NAN_PROPAGATION, CUDNN_TYPE_NAN_PROPOGATION, 1);
    }
    to.finish(d, "a pointwise function");
    long o = to.make(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    to.setParts(o, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, d);
    to.setParts(o, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, tensor(p.x()));
    if (p.b() != null) {
      to.setParts(o, CUDNN_ATTR_OPERATION_POINTWISE_BDESC, tensor(p.b()));
    }
    to.setParts(o, CUDNN_ATTR_OPERATION_POINTWISE_YDESC, tensor(p.y()));
    return to.finish(o, "a pointwise operation on extents " + p.x().dims());
  }

  private static long[] longs(java.util.List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
