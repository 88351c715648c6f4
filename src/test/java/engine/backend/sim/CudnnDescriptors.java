package engine.backend.sim;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.ffi.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** cuDNN's descriptors as tests make them, on the software GPU's library or on the real one. */
final class CudnnDescriptors implements AutoCloseable {
  /** An RTX 3090, of the software GPU's compute capability, in the words of cuDNN. */
  private static final String DEVICE =
      """
      {"maxGridSize": [2147483647, 65535, 65535], "maxBlockSize": [1024, 1024, 64], \
      "regsPerBlock": 65536, "smCountOrigin": 0, "warpSize": 32, "maxSharedMemoryPerBlock": 49152, \
      "maxRegistersPerSM": 65536, "maxThreadsPerBlock": 1024, "pciDeviceId": 0, "isTccDriver": 0, \
      "supportCoopLaunch": 1, "cudaDeviceId": 0, "driverVer": 13000, \
      "deviceName": "NVIDIA GeForce RTX 3090", "deviceVer": 860, "multiProcessorCount": 82, \
      "maxSharedMemoryPerBlockOptin": 101376, "reservedSharedMemoryPerBlock": 1024, \
      "maxCtasPerSM": 16, "maxThreadsPerSM": 1536, "totalGlobalMem": 25438126080, \
      "smClockRateKHz": 1695000, "memClockRateKHz": 9751000, "l2CacheSize": 6291456}""";

  static final int FLOAT = Cudnn.CUDNN_DATA_FLOAT;
  static final int HALF = Cudnn.CUDNN_DATA_HALF;

  /** A call that was refused, with its status. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;

    Refused(int status, String reason) {
      super(status + " " + reason);
      this.status = status;
    }
  }

  final Cudnn cudnn;
  final Arena arena = Arena.ofConfined();
  private final List<Long> live = new ArrayList<>();

  CudnnDescriptors(Cudnn cudnn) {
    this.cudnn = cudnn;
  }

  void ok(int status) {
    if (status != 0) {
      MemorySegment text = arena.allocate(4096);
      cudnn.cudnnGetLastErrorString(text.address(), 4096);
      throw new Refused(status, text.getString(0).strip());
    }
  }

  long make(int kind) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    ok(cudnn.cudnnBackendCreateDescriptor(kind, out.address()));
    live.add(out.get(JAVA_LONG, 0));
    return out.get(JAVA_LONG, 0);
  }

  void finish(long descriptor) {
    ok(cudnn.cudnnBackendFinalize(descriptor));
  }

  /** Sets whole numbers: 64-bit ones, enums, booleans, pointers or descriptors. */
  void set(long descriptor, int attribute, int type, long... values) {
    MemorySegment array = arena.allocate(JAVA_LONG, Math.max(1, values.length));
    for (int i = 0; i < values.length; i++) {
      switch (type) {
        case Cudnn.CUDNN_TYPE_INT64,
            Cudnn.CUDNN_TYPE_VOID_PTR,
            Cudnn.CUDNN_TYPE_HANDLE,
            Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR ->
            array.setAtIndex(JAVA_LONG, i, values[i]);
        case Cudnn.CUDNN_TYPE_BOOLEAN -> array.set(JAVA_BOOLEAN, i, values[i] != 0);
        default -> array.setAtIndex(JAVA_INT, i, (int) values[i]);
      }
    }
    ok(cudnn.cudnnBackendSetAttribute(descriptor, attribute, type, values.length, array.address()));
  }

  void set(long descriptor, int attribute, float value) {
    MemorySegment v = arena.allocateFrom(JAVA_FLOAT, value);
    ok(
        cudnn.cudnnBackendSetAttribute(
            descriptor, attribute, Cudnn.CUDNN_TYPE_FLOAT, 1, v.address()));
  }

  void set(long descriptor, int attribute, long part) {
    set(descriptor, attribute, Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR, part);
  }

  /** One 64-bit answer. */
  long get(long descriptor, int attribute) {
    MemorySegment v = arena.allocate(JAVA_LONG, 2);
    ok(
        cudnn.cudnnBackendGetAttribute(
            descriptor, attribute, Cudnn.CUDNN_TYPE_INT64, 1, v.address() + 8, v.address()));
    return v.get(JAVA_LONG, 0);
  }

  // ---- tensors and operations ----

  /** N, H, W, C in memory for extents N, C, H, W. */
  static long[] channelsLast(long... dims) {
    return new long[] {dims[1] * dims[2] * dims[3], 1, dims[3] * dims[1], dims[1]};
  }

  /** A tensor that is not finalised. */
  long rawTensor(long uid, int type, long alignment, long[] dims, long[] strides) {
    long t = make(Cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    set(t, Cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID, Cudnn.CUDNN_TYPE_INT64, uid);
    set(t, Cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE, Cudnn.CUDNN_TYPE_DATA_TYPE, type);
    set(t, Cudnn.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, Cudnn.CUDNN_TYPE_INT64, alignment);
    set(t, Cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS, Cudnn.CUDNN_TYPE_INT64, dims);
    set(t, Cudnn.CUDNN_ATTR_TENSOR_STRIDES, Cudnn.CUDNN_TYPE_INT64, strides);
    return t;
  }

  /** Channels-last images. */
  long tensor(long uid, int type, long... dims) {
    long t = rawTensor(uid, type, 16, dims, channelsLast(dims));
    finish(t);
    return t;
  }

  long virtual(long uid, int type, long... dims) {
    return strided(uid, type, true, channelsLast(dims), dims);
  }

  /** Aligned to 16 bytes, in any order. */
  long strided(long uid, int type, boolean virtual, long[] strides, long... dims) {
    long t = rawTensor(uid, type, 16, dims, strides);
    if (virtual) {
      set(t, Cudnn.CUDNN_ATTR_TENSOR_IS_VIRTUAL, Cudnn.CUDNN_TYPE_BOOLEAN, 1);
    }
    finish(t);
    return t;
  }

  /** A convolution of images with the same padding before and after. */
  long convolution(int compute, long pad, long stride, long dilation) {
    return convolution(
        compute,
        new long[] {pad, pad},
        new long[] {pad, pad},
        new long[] {stride, stride},
        new long[] {dilation, dilation});
  }

  long convolution(int compute, long[] before, long[] after, long[] strides, long[] dilations) {
    long c = make(Cudnn.CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
    set(c, Cudnn.CUDNN_ATTR_CONVOLUTION_COMP_TYPE, Cudnn.CUDNN_TYPE_DATA_TYPE, compute);
    set(
        c,
        Cudnn.CUDNN_ATTR_CONVOLUTION_CONV_MODE,
        Cudnn.CUDNN_TYPE_CONVOLUTION_MODE,
        Cudnn.CUDNN_CROSS_CORRELATION);
    set(c, Cudnn.CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, Cudnn.CUDNN_TYPE_INT64, 2);
    set(c, Cudnn.CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, Cudnn.CUDNN_TYPE_INT64, before);
    set(c, Cudnn.CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, Cudnn.CUDNN_TYPE_INT64, after);
    set(c, Cudnn.CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, Cudnn.CUDNN_TYPE_INT64, strides);
    set(c, Cudnn.CUDNN_ATTR_CONVOLUTION_DILATIONS, Cudnn.CUDNN_TYPE_INT64, dilations);
    finish(c);
    return c;
  }

  long forward(long c, long x, long w, long y) {
    return forward(c, x, w, y, 1, 0);
  }

  long forward(long c, long x, long w, long y, float alpha, float beta) {
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, c);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, x);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, w);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, y);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, alpha);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, beta);
    finish(o);
    return o;
  }

  long backwardData(long c, long dx, long w, long dy) {
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC, c);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX, dx);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W, w);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY, dy);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA, 1f);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA, 0f);
    finish(o);
    return o;
  }

  long backwardFilter(long c, long x, long dw, long dy) {
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC, c);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X, x);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW, dw);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY, dy);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA, 1f);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA, 0f);
    finish(o);
    return o;
  }

  /**
   * y = mode(x, b).
   *
   * @param b 0 for none
   */
  long pointwise(int mode, int compute, long x, long b, long y) {
    long p = make(Cudnn.CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    set(p, Cudnn.CUDNN_ATTR_POINTWISE_MODE, Cudnn.CUDNN_TYPE_POINTWISE_MODE, mode);
    set(p, Cudnn.CUDNN_ATTR_POINTWISE_MATH_PREC, Cudnn.CUDNN_TYPE_DATA_TYPE, compute);
    finish(p);
    long o = make(Cudnn.CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, p);
    set(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x);
    if (b != 0) {
      set(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_BDESC, b);
    }
    set(o, Cudnn.CUDNN_ATTR_OPERATION_POINTWISE_YDESC, y);
    finish(o);
    return o;
  }

  long graph(long... operations) {
    long g = make(Cudnn.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
    set(g, Cudnn.CUDNN_ATTR_OPERATIONGRAPH_OPS, Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR, operations);
    finish(g);
    return g;
  }

  // ---- plans ----

  long device() {
    long d = make(Cudnn.CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
    MemorySegment json = arena.allocateFrom(DEVICE);
    ok(
        cudnn.cudnnBackendSetAttribute(
            d,
            Cudnn.CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
            Cudnn.CUDNN_TYPE_CHAR,
            json.byteSize() - 1,
            json.address()));
    finish(d);
    return d;
  }

  /** Engine configurations for a graph, best first. */
  List<Long> configurations(long graph, int mode, long device) {
    long h = make(Cudnn.CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    set(h, Cudnn.CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
    set(h, Cudnn.CUDNN_ATTR_ENGINEHEUR_MODE, Cudnn.CUDNN_TYPE_HEUR_MODE, mode);
    set(h, Cudnn.CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, device);
    finish(h);
    MemorySegment count = arena.allocate(JAVA_LONG);
    int results = Cudnn.CUDNN_ATTR_ENGINEHEUR_RESULTS;
    int type = Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR;
    ok(cudnn.cudnnBackendGetAttribute(h, results, type, 0, count.address(), 0));
    int n = (int) count.get(JAVA_LONG, 0);
    List<Long> configurations = new ArrayList<>();
    MemorySegment array = arena.allocate(ADDRESS, Math.max(1, n));
    for (int i = 0; i < n; i++) {
      configurations.add(make(Cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR));
      array.setAtIndex(JAVA_LONG, i, configurations.get(i));
    }
    if (n > 0) {
      ok(cudnn.cudnnBackendGetAttribute(h, results, type, n, count.address(), array.address()));
    }
    // The first answer is how many there may be, the second how many there are.
    return configurations.subList(0, n == 0 ? 0 : (int) count.get(JAVA_LONG, 0));
  }

  /** A plan by the first configuration that gives one. */
  long plan(long graph) {
    long device = device();
    for (int mode : new int[] {Cudnn.CUDNN_HEUR_MODE_A, Cudnn.CUDNN_HEUR_MODE_FALLBACK}) {
      for (long configuration : configurations(graph, mode, device)) {
        try {
          return plan(configuration, device);
        } catch (Refused e) {
          continue; // the next may do
        }
      }
    }
    throw new Refused(Cudnn.CUDNN_STATUS_NOT_SUPPORTED, "no configuration gives a plan");
  }

  /** A plan by the engine of an index. */
  long planOn(int engine, long graph) {
    long e = make(Cudnn.CUDNN_BACKEND_ENGINE_DESCRIPTOR);
    set(e, Cudnn.CUDNN_ATTR_ENGINE_OPERATION_GRAPH, graph);
    set(e, Cudnn.CUDNN_ATTR_ENGINE_GLOBAL_INDEX, Cudnn.CUDNN_TYPE_INT64, engine);
    finish(e);
    long c = make(Cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
    set(c, Cudnn.CUDNN_ATTR_ENGINECFG_ENGINE, e);
    finish(c);
    return plan(c, device());
  }

  long plan(long configuration, long device) {
    long p = make(Cudnn.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    set(p, Cudnn.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration);
    set(p, Cudnn.CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, device);
    finish(p);
    return p;
  }

  /** Addresses by ids; a workspace of 0 is not set. */
  long pack(long[] ids, long[] pointers, long workspace) {
    long v = make(Cudnn.CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
    set(v, Cudnn.CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, Cudnn.CUDNN_TYPE_INT64, ids);
    set(v, Cudnn.CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, Cudnn.CUDNN_TYPE_VOID_PTR, pointers);
    if (workspace != 0) {
      set(v, Cudnn.CUDNN_ATTR_VARIANT_PACK_WORKSPACE, Cudnn.CUDNN_TYPE_VOID_PTR, workspace);
    }
    finish(v);
    return v;
  }

  @Override
  public void close() {
    for (long d : live.reversed()) {
      int unused = cudnn.cudnnBackendDestroyDescriptor(d);
    }
    arena.close();
  }

  /** A row-major tensor. */
  long rows(long uid, int type, long[] dims) {
    long plane = dims[2] * dims[3];
    long t = rawTensor(uid, type, 16, dims, new long[] {dims[1] * plane, plane, dims[3], 1});
    finish(t);
    return t;
  }

  /** Bytes, channels last, in a frame of one pixel. */
  long framed(long uid, long[] dims) {
    long row = (dims[3] + 2) * dims[1];
    long t =
        rawTensor(
            uid,
            Cudnn.CUDNN_DATA_INT8,
            16,
            dims,
            new long[] {(dims[2] + 2) * row, 1, row, dims[1]});
    finish(t);
    return t;
  }
}
