package engine.backend.sim;

import static engine.backend.sim.CudnnDescriptors.FLOAT;
import static engine.backend.sim.CudnnDescriptors.HALF;
import static engine.backend.sim.CudnnDescriptors.channelsLast;

import engine.backend.sim.CudnnDescriptors.Refused;
import engine.ffi.Cudnn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Uses of cuDNN's descriptors, most of them wrong, by name. Those that the real library answers by
 * ending the process (null pointers, descriptors of the wrong kind, data types that are none) are
 * not among them.
 */
final class CudnnMistakes {
  private static final int INT64 = Cudnn.CUDNN_TYPE_INT64;
  private static final int INT8 = Cudnn.CUDNN_DATA_INT8;
  private static final int INT32 = Cudnn.CUDNN_DATA_INT32;
  private static final int BFLOAT16 = Cudnn.CUDNN_DATA_BFLOAT16;

  private final Map<String, Consumer<CudnnDescriptors>> cases = new LinkedHashMap<>();

  private CudnnMistakes() {}

  static Map<String, Consumer<CudnnDescriptors>> all() {
    CudnnMistakes m = new CudnnMistakes();
    m.tensors();
    m.attributes();
    m.convolutions();
    m.operations();
    m.pointwise();
    m.graphs();
    m.plans();
    m.plansOfBytes();
    return m.cases;
  }

  /** The status of the first call that is refused; 0 if none is. */
  static int decision(Consumer<CudnnDescriptors> use, Cudnn cudnn) {
    try (CudnnDescriptors d = new CudnnDescriptors(cudnn)) {
      use.accept(d);
      return 0;
    } catch (Refused e) {
      return e.status;
    }
  }

  private void add(String name, Consumer<CudnnDescriptors> use) {
    cases.put(name, use);
  }

  private void tensors() {
    add("a tensor", d -> d.tensor(1, HALF, 2, 8, 6, 6));
    for (long a : new long[] {-1, 0, 1, 2, 3, 64}) {
      add("half aligned to " + a, d -> tensor(d, HALF, a, channelsLast(2, 8, 6, 6), 2, 8, 6, 6));
    }
    add("float aligned to 2", d -> tensor(d, FLOAT, 2, channelsLast(2, 8, 6, 6), 2, 8, 6, 6));
    add("a negative extent", d -> tensor(d, HALF, 16, channelsLast(2, 8, 6, 6), 2, -8, 6, 6));
    add("an empty tensor", d -> tensor(d, HALF, 16, channelsLast(2, 8, 6, 6), 2, 0, 6, 6));
    add("a negative stride", d -> tensor(d, HALF, 16, new long[] {-288, 1, 48, 8}, 2, 8, 6, 6));
    add("overlapping elements", d -> tensor(d, HALF, 16, new long[] {1, 1, 1, 1}, 2, 8, 6, 6));
    add("strides with gaps", d -> tensor(d, HALF, 16, new long[] {1024, 1, 96, 16}, 2, 8, 6, 6));
    add("fewer strides than extents", d -> tensor(d, HALF, 16, new long[] {1, 2, 3}, 2, 8, 6, 6));
    add("a large tensor by value", d -> byValue(d, 2, 8, 6, 6));
    add("a scalar by value", d -> byValue(d, 1, 1, 1, 1));
    add("a tensor without extents", d -> incomplete(d, Cudnn.CUDNN_ATTR_TENSOR_STRIDES));
    add("a tensor without strides", d -> incomplete(d, Cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS));
  }

  private static void tensor(
      CudnnDescriptors d, int type, long alignment, long[] strides, long... dims) {
    d.finish(d.rawTensor(1, type, alignment, dims, strides));
  }

  private static void byValue(CudnnDescriptors d, long... dims) {
    long t = d.rawTensor(1, FLOAT, 4, dims, channelsLast(dims));
    d.set(t, Cudnn.CUDNN_ATTR_TENSOR_IS_BY_VALUE, Cudnn.CUDNN_TYPE_BOOLEAN, 1);
    d.finish(t);
  }

  private static void incomplete(CudnnDescriptors d, int only) {
    long t = d.make(Cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    d.set(t, Cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE, Cudnn.CUDNN_TYPE_DATA_TYPE, HALF);
    d.set(t, Cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID, INT64, 1);
    d.set(t, Cudnn.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, INT64, 16);
    d.set(t, only, INT64, 2, 8, 6, 6);
    d.finish(t);
  }

  private void attributes() {
    int uid = Cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID;
    add("finalised twice", d -> d.finish(d.tensor(1, HALF, 2, 8, 6, 6)));
    add("set after it was finalised", d -> d.set(d.tensor(1, HALF, 2, 8, 6, 6), uid, INT64, 7));
    add("another descriptor's attribute", d -> d.set(raw(d), 700, 1f));
    add("an attribute that is none", d -> d.set(raw(d), 99999, INT64, 1));
    add("a wrong type", d -> d.set(raw(d), uid, 1f));
    add(
        "a data type as int32",
        d -> d.set(raw(d), Cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE, Cudnn.CUDNN_TYPE_INT32, HALF));
    add("no element", d -> d.set(raw(d), uid, INT64, new long[0]));
    add("two elements for one", d -> d.set(raw(d), uid, INT64, 1, 2));
    add("read before it was finalised", d -> d.get(raw(d), uid));
    add("a descriptor type that is none", d -> d.make(999));
  }

  private static long raw(CudnnDescriptors d) {
    return d.rawTensor(1, HALF, 16, new long[] {2, 8, 6, 6}, channelsLast(2, 8, 6, 6));
  }

  private void convolutions() {
    long[] one = {1, 1};
    long[] zero = {0, 0};
    add("a convolution", d -> d.convolution(FLOAT, 1, 1, 1));
    add("a stride of 0", d -> d.convolution(FLOAT, 1, 0, 1));
    add("a dilation of 0", d -> d.convolution(FLOAT, 1, 1, 0));
    add("a padding of -1", d -> d.convolution(FLOAT, -1, 1, 1));
    add("three strides for two axes", d -> d.convolution(FLOAT, zero, zero, new long[3], one));
    add("one padding for two axes", d -> d.convolution(FLOAT, new long[1], zero, one, one));
  }

  /** A forward convolution of padding 1 with these extents. */
  private static long forward(CudnnDescriptors d, long c, int type, long[] x, long[] w, long[] y) {
    return d.forward(c, d.tensor(1, type, x), d.tensor(2, type, w), d.tensor(3, type, y));
  }

  private static long[] dims(long... dims) {
    return dims;
  }

  private void operations() {
    long[] x = {2, 8, 6, 6};
    long[] w = {16, 8, 3, 3};
    long[] y = {2, 16, 6, 6};
    shapes("the shapes of a convolution", x, w, y);
    shapes("an output that is too low", x, w, dims(2, 16, 5, 6));
    shapes("an output of other channels", x, w, dims(2, 8, 6, 6));
    shapes("an output of another batch", x, w, dims(3, 16, 6, 6));
    shapes("channels that are no multiple", x, dims(16, 3, 3, 3), y);
    shapes("two groups", x, dims(16, 4, 3, 3), y);
    shapes("groups that do not divide the output", x, dims(6, 2, 3, 3), dims(2, 6, 6, 6));
    shapes("more channels in the filter", x, dims(16, 16, 3, 3), y);
    shapes(
        "a filter larger than the image", dims(2, 8, 1, 1), dims(16, 8, 7, 7), dims(2, 16, 1, 1));
    add(
        "padding before and after that differ",
        d ->
            forward(
                d,
                d.convolution(FLOAT, dims(0, 1), dims(1, 1), dims(1, 1), dims(1, 1)),
                HALF,
                x,
                w,
                dims(2, 16, 5, 6)));
    add(
        "a tensor that is not finalised",
        d ->
            d.forward(
                d.convolution(FLOAT, 1, 1, 1), raw(d), d.tensor(2, HALF, w), d.tensor(3, HALF, y)));
    add(
        "no convolution descriptor",
        d -> {
          long o = d.make(Cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR);
          d.set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, d.tensor(1, HALF, x));
          d.set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, d.tensor(2, HALF, w));
          d.set(o, Cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, d.tensor(3, HALF, y));
          d.finish(o);
        });
  }

  private void shapes(String name, long[] x, long[] w, long[] y) {
    add(name, d -> forward(d, d.convolution(FLOAT, 1, 1, 1), HALF, x, w, y));
  }

  private void pointwise() {
    long[] s = {2, 8, 6, 6};
    int add = Cudnn.CUDNN_POINTWISE_ADD;
    int relu = Cudnn.CUDNN_POINTWISE_RELU_FWD;
    add(
        "a bias",
        d ->
            d.pointwise(
                add,
                FLOAT,
                d.tensor(1, HALF, s),
                d.tensor(2, FLOAT, 1, 8, 1, 1),
                d.tensor(3, HALF, s)));
    add(
        "a sum without its second operand",
        d -> d.pointwise(add, FLOAT, d.tensor(1, HALF, s), 0, d.tensor(3, HALF, s)));
    add(
        "a ReLU of a second operand",
        d ->
            d.pointwise(
                relu, FLOAT, d.tensor(1, HALF, s), d.tensor(2, HALF, s), d.tensor(3, HALF, s)));
    add(
        "a pointwise mode that is none",
        d -> d.pointwise(999, FLOAT, d.tensor(1, HALF, s), 0, d.tensor(3, HALF, s)));
  }

  private void graphs() {
    long[] s = {2, 8, 6, 6};
    add("a graph", d -> d.graph(relu(d, d.tensor(1, HALF, s), d.tensor(2, HALF, s))));
    add(
        "a graph without operations",
        d -> d.finish(d.make(Cudnn.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)));
    add(
        "an operation that is not finalised",
        d -> d.graph(d.make(Cudnn.CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)));
    add(
        "the same operation twice",
        d -> {
          long o = relu(d, d.tensor(1, HALF, s), d.tensor(2, HALF, s));
          d.graph(o, o);
        });
    add(
        "two operations that write one tensor",
        d ->
            d.graph(
                relu(d, d.tensor(1, HALF, s), d.tensor(3, HALF, s)),
                relu(d, d.tensor(2, HALF, s), d.tensor(3, HALF, s))));
    add(
        "an operation that reads what it writes",
        d -> d.graph(relu(d, d.tensor(1, HALF, s), d.tensor(1, HALF, s))));
    add(
        "operations that wait for each other",
        d ->
            d.graph(
                relu(d, d.virtual(1, HALF, s), d.virtual(2, HALF, s)),
                relu(d, d.virtual(2, HALF, s), d.virtual(1, HALF, s))));
    add(
        "operations in the wrong order",
        d ->
            d.graph(
                relu(d, d.virtual(2, HALF, s), d.tensor(3, HALF, s)),
                relu(d, d.tensor(1, HALF, s), d.virtual(2, HALF, s))));
    add(
        "a virtual tensor that nobody writes",
        d -> d.graph(relu(d, d.virtual(1, HALF, s), d.tensor(2, HALF, s))));
    add(
        "a virtual tensor that nobody reads",
        d -> d.graph(relu(d, d.tensor(1, HALF, s), d.virtual(2, HALF, s))));
    add(
        "one id for two tensors",
        d ->
            d.graph(
                relu(d, d.tensor(1, HALF, s), d.virtual(2, HALF, s)),
                relu(d, d.virtual(2, HALF, 2, 8, 6, 1), d.tensor(3, HALF, 2, 8, 6, 1))));
    add(
        "a heuristic of a graph that is not finalised",
        d ->
            d.configurations(
                d.make(Cudnn.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR),
                Cudnn.CUDNN_HEUR_MODE_A,
                d.device()));
  }

  private static long relu(CudnnDescriptors d, long x, long y) {
    return d.pointwise(Cudnn.CUDNN_POINTWISE_RELU_FWD, FLOAT, x, 0, y);
  }

  private void plans() {
    plan("forward half", 'f', HALF, HALF, HALF, FLOAT);
    plan("forward float", 'f', FLOAT, FLOAT, FLOAT, FLOAT);
    plan("forward bfloat16", 'f', BFLOAT16, BFLOAT16, BFLOAT16, FLOAT);
    plan("forward int8 to int32", 'f', INT8, INT8, INT32, INT32);
    plan("forward int8 to float", 'f', INT8, INT8, FLOAT, INT32);
    plan("data half", 'd', HALF, HALF, HALF, FLOAT);
    plan("data float", 'd', FLOAT, FLOAT, FLOAT, FLOAT);
    plan("filter half", 'w', HALF, HALF, HALF, FLOAT);
    plan("filter float", 'w', FLOAT, FLOAT, FLOAT, FLOAT);
    add("plan: half and its ReLU, row-major", d -> d.plan(withRelu(d, true)));
    add("plan: half and its ReLU to row-major", d -> d.plan(withRelu(d, false)));
    add("plan: filter half to float, row-major", d -> d.plan(filterToFloat(d, 16, true)));
    add("plan: filter half to float, 7 channels", d -> d.plan(filterToFloat(d, 7, false)));
  }

  private static long[] strides(boolean rowMajor, long... dims) {
    return rowMajor
        ? dims(dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3], 1)
        : channelsLast(dims);
  }

  /** To a row-major result. */
  private static long withRelu(CudnnDescriptors d, boolean rowMajor) {
    long[] x = {2, 16, 6, 6};
    long[] w = {16, 16, 3, 3};
    long between = d.strided(4, FLOAT, true, strides(rowMajor, x), x);
    long convolution =
        d.forward(
            d.convolution(FLOAT, 1, 1, 1),
            d.strided(1, HALF, false, strides(rowMajor, x), x),
            d.strided(2, HALF, false, strides(rowMajor, w), w),
            between);
    return d.graph(convolution, relu(d, between, d.strided(3, HALF, false, strides(true, x), x)));
  }

  private static long filterToFloat(CudnnDescriptors d, long channels, boolean rowMajor) {
    long[] x = {2, channels, 6, 6};
    long[] w = {32, channels, 3, 3};
    long[] y = {2, 32, 6, 6};
    long between = d.strided(4, FLOAT, true, strides(rowMajor, w), w);
    long convolution =
        d.backwardFilter(
            d.convolution(FLOAT, 1, 1, 1),
            d.strided(1, HALF, false, strides(rowMajor, x), x),
            between,
            d.strided(3, HALF, false, strides(rowMajor, y), y));
    long result = d.strided(2, FLOAT, false, strides(rowMajor, w), w);
    return d.graph(
        convolution, d.pointwise(Cudnn.CUDNN_POINTWISE_IDENTITY, FLOAT, between, 0, result));
  }

  private void plan(String name, char direction, int x, int w, int y, int compute) {
    add(
        "plan: " + name,
        d -> {
          long c = d.convolution(compute, 1, 1, 1);
          long xs = d.tensor(1, x, 2, 16, 6, 6);
          long ws = d.tensor(2, w, 32, 16, 3, 3);
          long ys = d.tensor(3, y, 2, 32, 6, 6);
          long o =
              switch (direction) {
                case 'f' -> d.forward(c, xs, ws, ys);
                case 'd' -> d.backwardData(c, xs, ws, ys);
                default -> d.backwardFilter(c, xs, ws, ys);
              };
          d.plan(d.graph(o));
        });
  }

  private void plansOfBytes() {
    ofBytes("bytes", 16, 32, 'n', INT8, INT32, 1);
    ofBytes("bytes of 8 and 32 channels", 8, 32, 'n', INT8, INT32, 1);
    ofBytes("bytes of 16 and 24 channels", 16, 24, 'n', INT8, INT32, 1);
    ofBytes("bytes of 3 channels", 3, 32, 'n', INT8, INT32, 1);
    ofBytes("bytes of 6 channels", 6, 32, 'n', INT8, INT32, 1);
    ofBytes("bytes without sign", 16, 32, 'n', Cudnn.CUDNN_DATA_UINT8, INT32, 1);
    ofBytes("bytes summed in float", 16, 32, 'n', INT8, FLOAT, 1);
    ofBytes("bytes in two groups", 32, 32, 'n', INT8, INT32, 2);
    ofBytes("bytes by rows", 16, 32, 'r', INT8, INT32, 1);
    ofBytes("bytes in a frame", 16, 32, 'f', INT8, INT32, 1);
    ofBytes("bytes, never scaled", 16, 32, 's', INT8, INT32, 1);
    ofBytes("bytes, scaled in int32", 16, 32, 'i', INT8, INT32, 1);
    plan("data int8", 'd', INT8, INT8, INT32, INT32);
    plan("filter int8", 'w', INT8, INT8, INT32, INT32);
    ofBytes("bytes, sums as float", 16, 32, 'v', INT8, INT32, 1);
  }

  /**
   * A convolution of bytes with a factor a channel, to bytes.
   *
   * @param form n: channels last, r: row-major, f: the result in a frame of one pixel, s: with no
   *     factor, i: multiplied in int32, v: sums kept as float
   */
  private void ofBytes(
      String name, long channels, long outs, char form, int x, int compute, long groups) {
    add(
        "plan: " + name,
        d -> {
          long[] images = {2, channels, 6, 6};
          long[] result = {2, outs, 6, 6};
          long xs = form == 'r' ? d.rows(1, x, images) : d.tensor(1, x, images);
          long ws = d.tensor(2, INT8, outs, channels / groups, 3, 3);
          long ys =
              switch (form) {
                case 'r' -> d.rows(5, INT8, result);
                case 'f' -> d.framed(5, result);
                default -> d.tensor(5, INT8, result);
              };
          long c = d.convolution(compute, 1, 1, 1);
          if (form == 's') {
            d.plan(d.graph(d.forward(c, xs, ws, ys)));
            return;
          }
          long sums = d.virtual(3, form == 'v' ? FLOAT : INT32, result);
          long factors = d.tensor(4, FLOAT, 1, outs, 1, 1);
          int math = form == 'i' ? INT32 : FLOAT;
          d.plan(
              d.graph(
                  d.forward(c, xs, ws, sums),
                  d.pointwise(Cudnn.CUDNN_POINTWISE_MUL, math, sums, factors, ys)));
        });
  }
}
