package engine.backend.sim;

import static engine.backend.sim.CudnnDescriptors.FLOAT;
import static engine.backend.sim.CudnnDescriptors.HALF;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.sim.CudnnDescriptors.Refused;
import engine.backend.sim.PlacedTensors.Placed;
import engine.backend.sim.dnn.SimDnn;
import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.TensorFloat;
import engine.ffi.Cudnn;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Graphs on the software GPU compute what plain loops compute, and wrong uses are told. */
final class SimulatedCudnnTest {
  private static final long[] X = {2, 4, 5, 6};
  private static final long[] W = {6, 4, 3, 2};
  private static final long[] Y = {2, 6, 3, 7};

  /** The same extents with the channels that bytes want. */
  private static final long[] XB = {2, 16, 5, 6};

  private static final long[] WB = {16, 16, 3, 2};
  private static final long[] YB = {2, 16, 3, 7};
  private static final int TENSOR_CORES = 0;
  private static final int PLAIN = 1;
  private static final int ATOMIC = 2;
  private static final int HALF_SUMS = 3;
  private static final int HALF_FACTORS = 4;
  private static final int INT8 = Cudnn.CUDNN_DATA_INT8;
  private static final int INT32 = Cudnn.CUDNN_DATA_INT32;

  private final SimGpu gpu = new SimGpu();
  private final CpuMath math = new CpuMath(1);
  private final Cudnn cudnn = new Cudnn(SimDnn.symbols(gpu.device, math));
  private final CudnnDescriptors d = new CudnnDescriptors(cudnn);
  private final PlacedTensors place = new PlacedTensors(gpu);
  private long handle;

  @BeforeEach
  void open() {
    d.ok(cudnn.cudnnCreate(gpu.out()));
    handle = gpu.result();
  }

  @AfterEach
  void close() {
    d.ok(cudnn.cudnnDestroy(handle));
    d.close();
    gpu.close();
    math.close();
  }

  /** Stride 2 and dilation 1 down, stride 1 and dilation 2 across, other padding on each side. */
  private long convolution(int compute) {
    return d.convolution(
        compute, new long[] {1, 2}, new long[] {1, 1}, new long[] {2, 1}, new long[] {1, 2});
  }

  @Test
  void aConvolutionOfHalvesIsThatOfPlainLoops() {
    Placed x = place.halves(X);
    Placed w = place.halves(W);
    Placed y = place.empty(ElementType.F16, Y);
    long o = d.forward(convolution(FLOAT), half(1, X), half(2, W), half(3, Y));
    execute(d.graph(o), x, w, y);
    assertArrayEquals(rounded(Loops.forward(x.values, w.values)), y.read(), 1e-3);
  }

  @Test
  void itsGradientsAreThoseOfPlainLoops() {
    Placed x = place.halves(X);
    Placed w = place.halves(W);
    Placed dy = place.halves(Y);
    Placed dx = place.empty(ElementType.F16, X);
    execute(
        d.graph(d.backwardData(convolution(FLOAT), half(1, X), half(2, W), half(3, Y))), dx, w, dy);
    assertArrayEquals(rounded(Loops.data(w.values, dy.values)), dx.read(), 4e-3);
    Placed dw = place.empty(ElementType.F16, W);
    execute(
        d.graph(d.backwardFilter(convolution(FLOAT), half(1, X), half(2, W), half(3, Y))),
        x,
        dw,
        dy);
    assertArrayEquals(rounded(Loops.filter(x.values, dy.values)), dw.read(), 1e-2);
  }

  @Test
  void biasAndReluFollowInOneGraph() {
    Placed x = place.halves(X);
    Placed w = place.halves(W);
    Placed b = place.halves(1, 6, 1, 1);
    Placed y = place.empty(ElementType.F16, Y);
    long conv = d.forward(convolution(FLOAT), half(1, X), half(2, W), virtual(5));
    long bias =
        d.pointwise(Cudnn.CUDNN_POINTWISE_ADD, FLOAT, virtual(5), half(3, 1, 6, 1, 1), virtual(6));
    long relu = d.pointwise(Cudnn.CUDNN_POINTWISE_RELU_FWD, FLOAT, virtual(6), 0, half(4, Y));
    execute(d.graph(conv, bias, relu), x, w, b, y);
    double[] expected = Loops.forward(x.values, w.values);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.max(0, expected[i] + b.values[i / 21 % 6]);
    }
    assertArrayEquals(rounded(expected), y.read(), 1e-3);
  }

  @Test
  void bytesAreSummedExactly() {
    Placed x = place.bytes(XB);
    Placed w = place.bytes(WB);
    Placed y = place.empty(ElementType.I32, YB);
    long o =
        d.forward(
            convolution(INT32),
            d.tensor(1, INT8, XB),
            d.tensor(2, INT8, WB),
            d.tensor(3, INT32, YB));
    execute(d.graph(o), x, w, y);
    assertArrayEquals(Loops.forward(x.values, w.values), y.read(), 0);
  }

  @Test
  void bytesAreScaledBiasedAndAddedAndThenRoundedOnce() {
    Placed x = place.bytes(XB);
    Placed w = place.bytes(WB);
    Placed factors = place.floats(1 / 512.0, 16);
    Placed bias = place.floats(0.5, 16);
    Placed residual = place.bytes(YB);
    Placed ratio = place.floats(0.75, 1);
    Placed lowest = place.floats(-100, 1);
    Placed y = place.empty(ElementType.I8, YB);
    int mul = Cudnn.CUDNN_POINTWISE_MUL;
    int add = Cudnn.CUDNN_POINTWISE_ADD;
    long graph =
        d.graph(
            d.forward(
                convolution(INT32),
                d.tensor(1, INT8, XB),
                d.tensor(2, INT8, WB),
                d.virtual(11, INT32, YB)),
            d.pointwise(
                mul, FLOAT, d.virtual(11, INT32, YB), d.tensor(3, FLOAT, 1, 16, 1, 1), wide(12)),
            d.pointwise(add, FLOAT, wide(12), d.tensor(4, FLOAT, 1, 16, 1, 1), wide(13)),
            d.pointwise(
                mul, FLOAT, d.tensor(5, INT8, YB), d.tensor(6, FLOAT, 1, 1, 1, 1), wide(14)),
            d.pointwise(add, FLOAT, wide(13), wide(14), wide(15)),
            d.pointwise(
                Cudnn.CUDNN_POINTWISE_MAX,
                FLOAT,
                wide(15),
                d.tensor(7, FLOAT, 1, 1, 1, 1),
                d.tensor(8, INT8, YB)));
    execute(graph, x, w, factors, bias, residual, ratio, lowest, y);
    double[] expected = Loops.forward(x.values, w.values);
    int ties = 0;
    int cut = 0;
    for (int i = 0; i < expected.length; i++) {
      // All of these are exact in fp32.
      double v = expected[i] / 512 + 0.5 + 0.75 * residual.values[i];
      double whole = Math.rint(Math.max(v, -100));
      ties += Math.abs(v - Math.rint(v)) == 0.5 ? 1 : 0;
      cut += whole > 127 || v < -100 ? 1 : 0;
      expected[i] = Math.min(whole, 127);
    }
    assertTrue(ties > 0 && cut > 0, ties + " ties and " + cut + " cut: others are wanted");
    assertArrayEquals(expected, y.read(), 0);
  }

  @Test
  void theFilterGradientReachesFloatThroughAVirtualTensor() {
    Placed x = place.halves(X);
    Placed dy = place.halves(Y);
    Placed dw = place.empty(ElementType.F32, W);
    long grad =
        d.backwardFilter(convolution(FLOAT), half(1, X), d.virtual(5, FLOAT, W), half(2, Y));
    long cast =
        d.pointwise(
            Cudnn.CUDNN_POINTWISE_IDENTITY,
            FLOAT,
            d.virtual(5, FLOAT, W),
            0,
            d.tensor(3, FLOAT, W));
    execute(d.graph(grad, cast), x, dy, dw);
    assertArrayEquals(Loops.filter(x.values, dy.values), dw.read(), 1e-4);
    long direct =
        d.graph(
            d.backwardFilter(convolution(FLOAT), half(1, X), d.tensor(3, FLOAT, W), half(2, Y)));
    assertEquals(
        Cudnn.CUDNN_STATUS_NOT_SUPPORTED, assertThrows(Refused.class, () -> d.plan(direct)).status);
  }

  @Test
  void readingWhatNobodyWroteIsAFault() {
    Placed x = place.empty(ElementType.F16, X);
    Placed w = place.halves(W);
    Placed y = place.empty(ElementType.F16, Y);
    long graph = d.graph(d.forward(convolution(FLOAT), half(1, X), half(2, W), half(3, Y)));
    Refused e = assertThrows(Refused.class, () -> execute(graph, x, w, y));
    assertEquals(Cudnn.CUDNN_STATUS_EXECUTION_FAILED, e.status);
    assertTrue(e.getMessage().contains("never written before"), e.getMessage());
    assertTrue(gpu.driver.cuCtxSynchronize() != 0, "the context is broken");
  }

  @Test
  void aBufferThatIsTooShortIsAFault() {
    Placed x = place.halves(X);
    Placed w = place.halves(W);
    Placed y = place.new Placed(ElementType.F16, Y, null, gpu.allocate(2 * 252 - 2));
    long graph = d.graph(d.forward(convolution(FLOAT), half(1, X), half(2, W), half(3, Y)));
    Refused e = assertThrows(Refused.class, () -> execute(graph, x, w, y));
    assertEquals(Cudnn.CUDNN_STATUS_EXECUTION_FAILED, e.status);
    assertTrue(e.getMessage().contains("past the end"), e.getMessage());
  }

  @Test
  void addressesAreChecked() {
    long graph = d.graph(d.forward(convolution(FLOAT), half(1, X), half(2, W), half(3, Y)));
    long p = place.halves(X).address;
    long q = place.halves(W).address;
    long r = place.empty(ElementType.F16, Y).address;
    refused(Cudnn.CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER, graph, 1, p + 2, 2, q, 3, r);
    refused(Cudnn.CUDNN_STATUS_BAD_PARAM_NULL_POINTER, graph, 1, p, 2, 0, 3, r);
    refused(Cudnn.CUDNN_STATUS_BAD_PARAM, graph, 1, p, 2, q);
    refused(Cudnn.CUDNN_STATUS_BAD_PARAM, graph, 1, p, 2, q, 3, r, 4, r);
    refused(Cudnn.CUDNN_STATUS_BAD_PARAM, graph, 1, p, 2, q, 3, p); // written over its input
  }

  @Test
  void aWorkspaceMustBeThereAndLargeEnough() {
    Placed x = place.halves(X);
    Placed w = place.halves(W);
    Placed y = place.empty(ElementType.F16, Y);
    long graph = d.graph(d.forward(convolution(FLOAT), half(1, X), half(2, W), half(3, Y)));
    long plan = d.planOn(TENSOR_CORES, graph);
    assertTrue(d.get(plan, Cudnn.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE) > 16);
    long[] ids = {1, 2, 3};
    long[] pointers = {x.address, w.address, y.address};
    assertEquals(
        Cudnn.CUDNN_STATUS_BAD_PARAM_NULL_POINTER,
        cudnn.cudnnBackendExecute(handle, plan, d.pack(ids, pointers, 0)));
    assertEquals(
        Cudnn.CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT,
        cudnn.cudnnBackendExecute(handle, plan, d.pack(ids, pointers, gpu.allocate(16))));
  }

  @Test
  void wrongHandlesAreRefusedNotFatal() {
    long t = half(1, X);
    assertEquals(Cudnn.CUDNN_STATUS_BAD_PARAM, cudnn.cudnnBackendFinalize(12345));
    assertEquals(Cudnn.CUDNN_STATUS_BAD_PARAM_NULL_POINTER, cudnn.cudnnBackendFinalize(0));
    assertEquals(
        Cudnn.CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE, cudnn.cudnnBackendExecute(handle, t, t));
    assertEquals(Cudnn.CUDNN_STATUS_BAD_PARAM, cudnn.cudnnBackendExecute(77, t, t));
    assertEquals(
        Cudnn.CUDNN_STATUS_BAD_PARAM_NULL_POINTER,
        cudnn.cudnnBackendCreateDescriptor(Cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR, 0));
    d.ok(cudnn.cudnnBackendCreateDescriptor(Cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR, gpu.out()));
    long gone = gpu.result();
    d.ok(cudnn.cudnnBackendDestroyDescriptor(gone));
    assertEquals(Cudnn.CUDNN_STATUS_BAD_PARAM, cudnn.cudnnBackendDestroyDescriptor(gone));
  }

  @Test
  void enginesDoToNumbersWhatTheyNote() {
    Placed x = place.values(ElementType.F32, X);
    Placed w = place.values(ElementType.F32, W);
    Placed y = place.empty(ElementType.F32, Y);
    long graph =
        d.graph(
            d.forward(
                convolution(FLOAT),
                d.tensor(1, FLOAT, X),
                d.tensor(2, FLOAT, W),
                d.tensor(3, FLOAT, Y)));
    executeOn(PLAIN, graph, x, w, y);
    assertArrayEquals(Loops.forward(x.values, w.values), y.read(), 1e-5);
    executeOn(TENSOR_CORES, graph, x, w, y);
    double[] tf32 = Loops.forward(each(x, TensorFloat::round), each(w, TensorFloat::round));
    assertArrayEquals(tf32, y.read(), 1e-5);
    executeOn(HALF_FACTORS, graph, x, w, y);
    double[] half = Loops.forward(each(x, ElementType.F16::round), each(w, ElementType.F16::round));
    assertArrayEquals(half, y.read(), 1e-5);
    assertThrows(Refused.class, () -> d.planOn(HALF_SUMS, graph));
    assertThrows(Refused.class, () -> d.planOn(ATOMIC, graph), "no sums to scatter");
  }

  @Test
  void sumsByAtomicsDifferFromRunToRun() {
    Placed x = place.values(ElementType.F32, X);
    Placed dw = place.empty(ElementType.F32, W);
    Placed dy = place.values(ElementType.F32, Y);
    long graph =
        d.graph(
            d.backwardFilter(
                convolution(FLOAT),
                d.tensor(1, FLOAT, X),
                d.tensor(2, FLOAT, W),
                d.tensor(3, FLOAT, Y)));
    executeOn(ATOMIC, graph, x, dw, dy);
    double[] first = dw.read();
    executeOn(ATOMIC, graph, x, dw, dy);
    assertTrue(!Arrays.equals(first, dw.read()), "144 coins fell alike");
    assertArrayEquals(first, dw.read(), 1e-5);
  }

  @Test
  void captureNotesTheGraphAndReplayRunsIt() {
    Placed x = place.halves(X);
    Placed w = place.halves(W);
    Placed y = place.empty(ElementType.F16, Y);
    long graph = d.graph(d.forward(convolution(FLOAT), half(1, X), half(2, W), half(3, Y)));
    gpu.ok(gpu.driver.cuStreamCreate(gpu.out(), 1));
    long stream = gpu.result();
    d.ok(cudnn.cudnnSetStream(handle, stream));
    gpu.ok(gpu.driver.cuStreamBeginCapture_v2(stream, 2));
    execute(graph, x, w, y);
    gpu.ok(gpu.driver.cuStreamEndCapture(stream, gpu.out()));
    long captured = gpu.result();
    gpu.ok(gpu.driver.cuGraphInstantiateWithFlags(gpu.out(), captured, 0));
    long executable = gpu.result();
    gpu.ok(gpu.driver.cuGraphLaunch(executable, stream));
    assertArrayEquals(rounded(Loops.forward(x.values, w.values)), y.read(), 1e-3);
    gpu.ok(gpu.driver.cuGraphExecDestroy(executable));
    gpu.ok(gpu.driver.cuGraphDestroy(captured));
    d.ok(cudnn.cudnnSetStream(handle, 0));
    gpu.ok(gpu.driver.cuStreamDestroy_v2(stream));
  }

  // ---- helpers ----

  private void refused(int status, long graph, long... idsAndPointers) {
    long[] ids = new long[idsAndPointers.length / 2];
    long[] pointers = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = idsAndPointers[2 * i];
      pointers[i] = idsAndPointers[2 * i + 1];
    }
    long plan = d.planOn(TENSOR_CORES, graph);
    long pack = d.pack(ids, pointers, workspace(plan));
    assertEquals(status, cudnn.cudnnBackendExecute(handle, plan, pack));
  }

  private long workspace(long plan) {
    long bytes = d.get(plan, Cudnn.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
    return bytes == 0 ? 0 : gpu.allocate(bytes);
  }

  /** Runs a graph on tensors of the ids 1, 2, and so on. */
  private void execute(long graph, Placed... tensors) {
    executeOn(TENSOR_CORES, graph, tensors);
  }

  private void executeOn(int engine, long graph, Placed... tensors) {
    long[] ids = new long[tensors.length];
    Arrays.setAll(ids, i -> i + 1);
    long[] pointers = Arrays.stream(tensors).mapToLong(t -> t.address).toArray();
    long plan = d.planOn(engine, graph);
    d.ok(cudnn.cudnnBackendExecute(handle, plan, d.pack(ids, pointers, workspace(plan))));
  }

  private long half(long uid, long... dims) {
    return d.tensor(uid, HALF, dims);
  }

  private long virtual(long uid) {
    return d.virtual(uid, FLOAT, Y);
  }

  private long wide(long uid) {
    return d.virtual(uid, FLOAT, YB);
  }

  private static double[] rounded(double[] v) {
    double[] r = new double[v.length];
    Arrays.setAll(r, i -> ElementType.F16.round(v[i]));
    return r;
  }

  private static double[] each(Placed p, DoubleUnaryOperator f) {
    return Arrays.stream(p.values).map(f).toArray();
  }
}
