package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.Kernel;
import engine.backend.Recording;
import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaException;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.dnn.EngineFaults;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.math.CpuMath;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is offered first may not work in the end: the next one is taken. */
final class SecondChoicesTest {
  private static final Conv2dGeometry GEOMETRY = Conv2dGeometry.of(1, 1, 1);
  private static final Shape X = Shape.of(2, 8, 6, 6);
  private static final Shape W = Shape.of(8, 8, 3, 3);

  /** The engines that the software GPU has for half convolutions. */
  private static final int TENSOR_CORES = 0;

  private static final int PLAIN = 1;

  @TempDir private Path folder;

  /** Engines fail from the given run on; notes which were tried. */
  private static final class Failing implements EngineFaults {
    final Set<Integer> engines;
    final Set<Integer> tried = new ConcurrentSkipListSet<>();
    boolean on = true;

    Failing(Integer... engines) {
      this.engines = Set.of(engines);
    }

    @Override
    public boolean fails(String graph, int engine) {
      tried.add(engine);
      return on && engines.contains(engine);
    }
  }

  private static Tensor counting(CudaBackend b, Shape shape, DType type) {
    float[] v = new float[(int) shape.elements()];
    for (int i = 0; i < v.length; i++) {
      v[i] = i % 7 - 3;
    }
    try (Tensor t = b.memory().upload(HostTensor.of(v, shape.dims()))) {
      return b.memory().cast(t, type);
    }
  }

  private float[] convolve(CudaBackend b) {
    try (Tensor x = counting(b, X, DType.F16);
        Tensor w = counting(b, W, DType.F16);
        Tensor y = b.convolutions().forward(x, w, null, GEOMETRY)) {
      return b.memory().download(y).toFloats();
    }
  }

  private String engine(CudaBackend b) {
    try (Tensor x = counting(b, X, DType.F16);
        Tensor w = counting(b, W, DType.F16)) {
      return b.convolutions().implementation(Kernel.FORWARD, x, w, GEOMETRY);
    }
  }

  @Test
  void theNextEngineComputesWhatTheFirstFailsAtAndIsKept() throws IOException {
    float[] expected;
    try (CudaBackend b = SimulatedGpus.open(EngineFaults.NONE, PlanFiles.none())) {
      expected = convolve(b);
      assertTrue(engine(b).startsWith("cudnn engine " + TENSOR_CORES), engine(b));
    }
    Failing faults = new Failing(TENSOR_CORES);
    try (CudaBackend b = SimulatedGpus.open(faults, PlanFiles.in(folder))) {
      assertArrayEquals(expected, convolve(b));
      assertEquals(new TreeSet<>(Set.of(TENSOR_CORES, PLAIN)), faults.tried);
      faults.tried.clear();
      assertArrayEquals(expected, convolve(b));
      assertEquals(Set.of(PLAIN), faults.tried, "what failed is not tried again");
      assertEquals(0, b.memory().liveTensors());
    }
    try (var files = Files.list(folder)) {
      assertTrue(Files.readString(files.findFirst().orElseThrow()).contains("\"engine\":1"));
    }
    faults.tried.clear();
    try (CudaBackend b = SimulatedGpus.open(faults, PlanFiles.in(folder))) {
      assertArrayEquals(expected, convolve(b));
      assertEquals(Set.of(PLAIN), faults.tried, "the next process begins with what worked");
    }
  }

  @Test
  void anEngineThatFailsLaterIsReplacedAndRecordedStepsStillRun() {
    Failing faults = new Failing(TENSOR_CORES);
    faults.on = false;
    try (CudaBackend b = SimulatedGpus.open(faults, PlanFiles.none())) {
      float[] expected = convolve(b);
      try (Tensor x = counting(b, X, DType.F16);
          Tensor w = counting(b, W, DType.F16);
          Tensor y = b.memory().empty(DType.F32, X);
          Recording r = b.record(() -> convolveTo(b, x, w, y))) {
        faults.on = true;
        try (Recording second = b.record(() -> convolveTo(b, x, w, y))) {
          assertTrue(engine(b).startsWith("cudnn engine " + PLAIN), engine(b));
          for (Recording each : new Recording[] {r, second}) {
            b.memory().fillInPlace(y, 0);
            each.replay();
            assertArrayEquals(expected, b.memory().download(y).toFloats());
          }
        }
      }
    }
  }

  private static void convolveTo(CudaBackend b, Tensor x, Tensor w, Tensor y) {
    try (Tensor once = b.convolutions().forward(x, w, null, GEOMETRY)) {
      b.memory().copyInPlace(once, y);
    }
  }

  @Test
  void whereEveryEngineFailsTheFirstReasonIsTold() {
    try (CudaBackend b =
        SimulatedGpus.open(new Failing(TENSOR_CORES, PLAIN), PlanFiles.in(folder))) {
      for (int i = 0; i < 2; i++) {
        var e = assertThrows(CudnnException.class, () -> convolve(b));
        assertTrue(e.getMessage().contains("CUDNN_STATUS_EXECUTION_FAILED (5000)"), e.toString());
      }
    }
  }

  @Test
  void anEngineThatFailsWhileItIsTimedIsNotTheFastest() {
    Failing faults = new Failing(TENSOR_CORES);
    try (CudaBackend b = SimulatedGpus.open(faults, PlanFiles.none())) {
      b.autotune(true);
      convolve(b);
      assertTrue(engine(b).startsWith("cudnn engine " + PLAIN), engine(b));
    }
  }

  // ---- cuBLASLt ----

  private static float[] product(int refused) {
    SimDevice device = new SimDevice(SimOptions.standard().withThreads(1));
    CpuMath math = new CpuMath(1);
    var blas = SimBlas.symbols(device, math, refused);
    try (CudaBackend b =
            CudaBackend.open(
                CudaLibraries.of(device.symbols().or(blas)),
                0,
                "sim",
                true,
                PlanFiles.none(),
                device::close);
        math;
        Tensor x = counting(b, Shape.of(5, 16), DType.F32);
        Tensor w = counting(b, Shape.of(8, 16), DType.F32);
        Tensor y = b.linears().forward(x, w, null)) {
      return b.memory().download(y).toFloats();
    }
  }

  @Test
  void algorithmsThatAreListedAsNotWorkingArePassedOver() {
    assertArrayEquals(product(0), product(1));
    var e = assertThrows(CudaException.class, () -> product(2));
    assertTrue(e.getMessage().contains("knows no way to compute"), e.getMessage());
  }
}
