package engine.backend.cuda.plans;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.Kernel;
import engine.backend.Recording;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.dnn.Planner;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.cuda.memory.CudaMemory;
import engine.ffi.Cudnn;
import engine.ffi.SimulatedDriver;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engine is kept when several were timed, on the software GPU. */
final class PlanTunerTest {
  private static final Conv2dGeometry GEOMETRY = Conv2dGeometry.of(1, 1, 1);
  private static final Shape X = Shape.of(2, 8, 6, 6);
  private static final Shape W = Shape.of(8, 8, 3, 3);
  private static final OperationGraph GRAPH =
      new ConvolutionGraphs(DType.F16, X, W, GEOMETRY).forward(true, false, true);

  @TempDir private Path folder;

  private void onSim(BiConsumer<CudaBackend, Cudnn> work) {
    SimulatedDriver driver = ServiceLoader.load(SimulatedDriver.class).findFirst().orElseThrow();
    SymbolLookup lookup = driver.open(1);
    try (CudaBackend b =
        CudaBackend.open(
            CudaLibraries.of(lookup), 0, "sim", true, PlanFiles.in(folder), driver::close)) {
      work.accept(b, new Cudnn(lookup));
      assertEquals(0, b.memory().liveTensors(), "tensors that nobody closed");
    }
  }

  /** The engine that is kept where the medians of the two candidates' times are these. */
  private long kept(double... milliseconds) {
    long[] engine = new long[1];
    onSim(
        (b, cudnn) -> {
          try (Arena arena = Arena.ofConfined()) {
            var out = arena.allocate(8);
            Planner.check(cudnn, cudnn.cudnnCreate(out.address()), "cudnnCreate");
            long handle = out.get(ValueLayout.JAVA_LONG, 0);
            Planner.check(cudnn, cudnn.cudnnSetStream(handle, b.stream()), "cudnnSetStream");
            Planner planner = Planner.forHandle(cudnn, handle, () -> {});
            List<ExecutionPlan> plans = planner.plans(GRAPH, CudnnPlans.rules(false), 10);
            Deque<Double> times = new ArrayDeque<>();
            for (double ms : milliseconds) {
              times.addAll(List.of(ms + 100, ms, ms - 0.5, ms, ms + 0.5));
            }
            PlanTuner tuner =
                new PlanTuner(
                    (CudaMemory) b.memory(),
                    run -> {
                      run.run();
                      return times.poll();
                    });
            engine[0] = tuner.fastest(GRAPH, plans, handle).engine();
            assertTrue(times.isEmpty(), "each candidate was timed");
            plans.getFirst().close();
            Planner.check(cudnn, cudnn.cudnnDestroy(handle), "cudnnDestroy");
          }
        });
    return engine[0];
  }

  @Test
  void theEngineWithTheLeastMedianIsKept() {
    // Of the software GPU's engines two may convolve halves: 0, on tensor cores, and 1.
    assertEquals(0, kept(3, 5));
    assertEquals(1, kept(5, 3));
    assertEquals(0, kept(4, 4), "the heuristics' choice among equals");
  }

  private record Answer(String engine, float[] y) {}

  private Answer convolve(boolean tuned) {
    Answer[] answer = new Answer[1];
    onSim(
        (b, _) -> {
          b.autotune(tuned);
          try (Tensor x = counting(b, X);
              Tensor w = counting(b, W);
              Tensor y = b.convolutions().forward(x, w, null, GEOMETRY)) {
            answer[0] =
                new Answer(
                    b.convolutions().implementation(Kernel.FORWARD, x, w, GEOMETRY),
                    b.memory().download(y).toFloats());
          }
        });
    return answer[0];
  }

  private static Tensor counting(CudaBackend b, Shape shape) {
    float[] v = new float[(int) shape.elements()];
    for (int i = 0; i < v.length; i++) {
      v[i] = i % 7 - 3;
    }
    return b.memory().upload(HostTensor.of(v, shape.dims()));
  }

  private List<Path> kept() throws IOException {
    try (var all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void aTunedPlanIsForTunedRunsAndIsNotTimedAgain() throws IOException {
    Answer plain = convolve(false);
    assertEquals(1, kept().size());
    Answer tuned = convolve(true);
    assertArrayEquals(plain.y, tuned.y);
    assertEquals(2, kept().size(), "one a way of choosing");
    for (Path file : kept()) {
      String[] lines = Files.readString(file).split("\n", 4);
      if (lines[2].contains("fastest of 10")) {
        // A choice that no timing makes, since without TF32 there is only engine 1.
        PlanFiles.in(folder).write(lines[2], lines[3].replace("\"engine\":1", "\"engine\":0"));
      }
    }
    assertTrue(convolve(true).engine.startsWith("cudnn engine 0 "));
    assertEquals(plain.engine, convolve(false).engine);
  }

  @Test
  void whileAStepIsRecordedNothingIsTimed() {
    onSim(
        (b, _) -> {
          b.autotune(true);
          try (Tensor x = counting(b, X);
              Tensor w = counting(b, W);
              Tensor y = b.memory().empty(DType.F32, X);
              Recording plan =
                  b.record(
                      () -> {
                        try (Tensor once = b.convolutions().forward(x, w, null, GEOMETRY)) {
                          b.memory().copyInPlace(once, y);
                        }
                      })) {
            float[] first = b.memory().download(y).toFloats();
            plan.replay();
            assertArrayEquals(first, b.memory().download(y).toFloats());
          }
        });
    assertEquals(0, folder.toFile().list().length, "an untimed plan is not kept as a tuned one");
  }
}
