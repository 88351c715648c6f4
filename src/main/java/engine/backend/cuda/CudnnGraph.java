package engine.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.backend.Conv2dGeometry;
import engine.backend.UnsupportedOnDeviceException;
import engine.ffi.Cudnn;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds one operation graph of cuDNN and the plan that runs it. Tensors are row-major; they are
 * numbered in the order they are made, from 1. Closing it destroys all descriptors but the plan's.
 */
final class CudnnGraph implements AutoCloseable {
  private static final int ALIGNMENT = 16;

  private final CudnnLibrary library;
  private final Cudnn cudnn;
  private final Arena arena = Arena.ofConfined();
  private final List<Long> descriptors = new ArrayList<>();
  private final List<Long> operations = new ArrayList<>();
  private long tensors;

  CudnnGraph(CudnnLibrary library) {
    this.library = library;
    cudnn = library.cudnn;
  }

  /** A tensor with an address; the shape gets ones in front until it has four axes. */
  long tensor(DType type, Shape shape) {
    return tensor(type, shape, false);
  }

  /** A value that lives inside the graph, in fp32. */
  long inside(Shape shape) {
    return tensor(DType.F32, shape, true);
  }

  /** [C] as [1, C, 1, 1]. */
  long channels(Shape shape) {
    return tensor(DType.F32, Shape.of(1, shape.dim(0), 1, 1));
  }

  private long tensor(DType type, Shape shape, boolean virtual) {
    long[] strides = new long[shape.rank()];
    long run = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = run;
      run *= shape.dim(i);
    }
    long t = make(Cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    longs(t, Cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID, ++tensors);
    number(t, Cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE, Cudnn.CUDNN_TYPE_DATA_TYPE, type(type));
    longs(t, Cudnn.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, ALIGNMENT);
    longs(t, Cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS, shape.dims());
    longs(t, Cudnn.CUDNN_ATTR_TENSOR_STRIDES, strides);
    if (virtual) {
      MemorySegment yes = arena.allocateFrom(JAVA_BYTE, (byte) 1);
      set(t, Cudnn.CUDNN_ATTR_TENSOR_IS_VIRTUAL, Cudnn.CUDNN_TYPE_BOOLEAN, 1, yes);
    }
    return finished(t, "tensor " + type + " " + shape);
  }

  private static int type(DType type) {
    return switch (type) {
      case F32 -> Cudnn.CUDNN_DATA_FLOAT;
      case F16 -> Cudnn.CUDNN_DATA_HALF;
      case BF16 -> Cudnn.CUDNN_DATA_BFLOAT16;
      default -> throw new UnsupportedOnDeviceException("a GPU convolves no " + type);
    };
  }

  private long convolution(Conv2dGeometry g) {
    long c = make(Cudnn.CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
    int dataType = Cudnn.CUDNN_TYPE_DATA_TYPE;
    number(c, Cudnn.CUDNN_ATTR_CONVOLUTION_COMP_TYPE, dataType, Cudnn.CUDNN_DATA_FLOAT);
    number(
        c,
        Cudnn.CUDNN_ATTR_CONVOLUTION_CONV_MODE,
        Cudnn.CUDNN_TYPE_CONVOLUTION_MODE,
        Cudnn.CUDNN_CROSS_CORRELATION);
    longs(c, Cudnn.CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, 2);
    longs(c, Cudnn.CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, g.padH(), g.padW());
    longs(c, Cudnn.CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, g.padH(), g.padW());
    longs(c, Cudnn.CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, g.strideH(), g.strideW());
    longs(c, Cudnn.CUDNN_ATTR_CONVOLUTION_DILATIONS, g.dilationH(), g.dilationW());
    return finished(c, g.toString());
  }

  void forward(Conv2dGeometry g, long x, long w, long y) {
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, convolution(g));
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, x);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, w);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, y);
    real(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, 1);
    real(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, 0);
    operations.add(finished(o, "convolution forward"));
  }

  void backwardData(Conv2dGeometry g, long dx, long w, long dy) {
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC, convolution(g));
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX, dx);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W, w);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY, dy);
    real(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA, 1);
    real(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA, 0);
    operations.add(finished(o, "convolution backward data"));
  }

  void backwardFilter(Conv2dGeometry g, long x, long dw, long dy) {
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC, convolution(g));
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X, x);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW, dw);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY, dy);
    real(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA, 1);
    real(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA, 0);
    operations.add(finished(o, "convolution backward filter"));
  }

  /**
   * y = mode(x, b), in fp32.
   *
   * @param mode {@code CUDNN_POINTWISE_...}
   * @param b 0 for a mode of one operand
   */
  void pointwise(int mode, long x, long b, long y) {
    long p = make(Cudnn.CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    number(p, Cudnn.CUDNN_ATTR_POINTWISE_MODE, Cudnn.CUDNN_TYPE_POINTWISE_MODE, mode);
    int dataType = Cudnn.CUDNN_TYPE_DATA_TYPE;
    number(p, Cudnn.CUDNN_ATTR_POINTWISE_MATH_PREC, dataType, Cudnn.CUDNN_DATA_FLOAT);
    finished(p, "pointwise mode " + mode);
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, p);
    part(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x);
    if (b != 0) {
      part(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_BDESC, b);
    }
    part(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_YDESC, y);
    operations.add(finished(o, "pointwise mode " + mode));
  }

  // ---- plans ----

  /**
   * The plan of the best configuration that gives one.
   *
   * @param what for people
   * @throws UnsupportedOnDeviceException if cuDNN has no engine for the graph
   */
  CudnnPlan plan(String what) {
    long graph = make(Cudnn.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
    number(
        graph,
        Cudnn.CUDNN_ATTR_OPERATIONGRAPH_HANDLE,
        Cudnn.CUDNN_TYPE_HANDLE,
        library.handle);
    descriptors(graph, Cudnn.CUDNN_ATTR_OPERATIONGRAPH_OPS, operations);
    finished(graph, what);
    for (int mode : new int[] {Cudnn.CUDNN_HEUR_MODE_A, Cudnn.CUDNN_HEUR_MODE_FALLBACK}) {
      for (long configuration : configurations(graph, mode)) {
        long plan = make(Cudnn.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
        number(
            plan,
            Cudnn.CUDNN_ATTR_EXECUTION_PLAN_HANDLE,
            Cudnn.CUDNN_TYPE_HANDLE,
            library.handle);
        part(plan, Cudnn.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration);
        if (cudnn.cudnnBackendFinalize(plan) == Cudnn.CUDNN_STATUS_SUCCESS) {
          descriptors.remove(plan);
          return new CudnnPlan(library, plan, workspace(plan), Math.toIntExact(tensors), what);
        }
      }
    }
    throw new UnsupportedOnDeviceException("cuDNN has no engine for " + what + " on this GPU");
  }

  private long workspace(long plan) {
    MemorySegment out = arena.allocate(JAVA_LONG, 2);
    library.check(
        cudnn.cudnnBackendGetAttribute(
            plan,
            Cudnn.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
            Cudnn.CUDNN_TYPE_INT64,
            1,
            out.address() + 8,
            out.address()),
        "cudnnBackendGetAttribute",
        "workspace");
    return out.get(JAVA_LONG, 0);
  }

  private List<Long> configurations(long graph, int mode) {
    long h = make(Cudnn.CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    part(h, Cudnn.CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
    number(h, Cudnn.CUDNN_ATTR_ENGINEHEUR_MODE, Cudnn.CUDNN_TYPE_HEUR_MODE, mode);
    finished(h, "heuristic");
    MemorySegment count = arena.allocate(JAVA_LONG);
    results(h, 0, count, MemorySegment.NULL);
    int n = Math.toIntExact(count.get(JAVA_LONG, 0));
    List<Long> made = new ArrayList<>();
    MemorySegment array = arena.allocate(JAVA_LONG, Math.max(1, n));
    for (int i = 0; i < n; i++) {
      made.add(make(Cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR));
      array.setAtIndex(JAVA_LONG, i, made.get(i));
    }
    if (n > 0) {
      results(h, n, count, array);
    }
    return made.subList(0, Math.toIntExact(Math.min(n, count.get(JAVA_LONG, 0))));
  }

  private void results(long heuristic, int wanted, MemorySegment count, MemorySegment array) {
    library.check(
        cudnn.cudnnBackendGetAttribute(
            heuristic,
            Cudnn.CUDNN_ATTR_ENGINEHEUR_RESULTS,
            Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR,
            wanted,
            count.address(),
            array.address()),
        "cudnnBackendGetAttribute",
        "heuristic");
  }

  // ---- descriptors ----

  private long make(int kind) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    library.check(
        cudnn.cudnnBackendCreateDescriptor(kind, out.address()),
        "cudnnBackendCreateDescriptor",
        "type " + kind);
    descriptors.add(out.get(JAVA_LONG, 0));
    return descriptors.getLast();
  }

  private long finished(long descriptor, String what) {
    library.check(cudnn.cudnnBackendFinalize(descriptor), "cudnnBackendFinalize", what);
    return descriptor;
  }

  private void set(long descriptor, int attribute, int type, long n, MemorySegment values) {
    library.check(
        cudnn.cudnnBackendSetAttribute(descriptor, attribute, type, n, values.address()),
        "cudnnBackendSetAttribute",
        "attribute " + attribute);
  }

  private void longs(long descriptor, int attribute, long... values) {
    MemorySegment v = arena.allocateFrom(JAVA_LONG, values);
    set(descriptor, attribute, Cudnn.CUDNN_TYPE_INT64, values.length, v);
  }

  private void number(long descriptor, int attribute, int type, long value) {
    MemorySegment v =
        type == Cudnn.CUDNN_TYPE_HANDLE
            ? arena.allocateFrom(JAVA_LONG, value)
            : arena.allocateFrom(JAVA_INT, (int) value);
    set(descriptor, attribute, type, 1, v);
  }

  private void real(long descriptor, int attribute, float value) {
    set(descriptor, attribute, Cudnn.CUDNN_TYPE_FLOAT, 1, arena.allocateFrom(JAVA_FLOAT, value));
  }

  private void part(long descriptor, int attribute, long part) {
    descriptors(descriptor, attribute, List.of(part));
  }

  private void descriptors(long descriptor, int attribute, List<Long> parts) {
    long[] all = parts.stream().mapToLong(Long::longValue).toArray();
    MemorySegment v = arena.allocateFrom(JAVA_LONG, all);
    set(descriptor, attribute, Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR, all.length, v);
  }

  @Override
  public void close() {
    for (long d : descriptors.reversed()) {
      library.check(cudnn.cudnnBackendDestroyDescriptor(d), "cudnnBackendDestroyDescriptor", "");
    }
    arena.close();
  }
}
