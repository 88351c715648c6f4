package engine.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Conv2dGeometry;
import engine.ffi.Cudnn;
import engine.ffi.SimulatedDriver;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The graphs of a convolution and its norm are legal for the software GPU's cuDNN. */
final class NormGraphsTest {
  private static final EngineRules RULES = new EngineRules(1 << 30, false);
  private static final NormGraphs GRAPHS =
      new NormGraphs(
          DType.F16, Shape.of(2, 16, 9, 9), Shape.of(24, 16, 3, 3), Conv2dGeometry.of(2, 1, 1));

  private static final List<OperationGraph> ALL =
      Stream.concat(
              Stream.of(
                  GRAPHS.withStatistics(),
                  GRAPHS.afterNormWithStatistics(),
                  GRAPHS.norm(false, false),
                  GRAPHS.norm(false, true),
                  GRAPHS.norm(true, true),
                  GRAPHS.normBackward(false),
                  GRAPHS.normBackward(true)),
              GRAPHS.filterGradientsAfterNorm().stream())
          .toList();

  @Test
  void everyGraphIsPlannedFromAmpereOn() {
    for (String gpu : List.of("a100", "rtx3090", "h100", "b200")) {
      with(
          gpu,
          planner -> {
            for (OperationGraph graph : ALL) {
              try (ExecutionPlan p = planner.plan(graph, RULES)) {
                assertTrue(p.offered() > 0, graph.name() + " on " + gpu);
              }
            }
          });
    }
  }

  /** As the real cuDNN says, see {@code bench/results/plans-2026-11-24.txt}. */
  @Test
  void noneIsPlannedForTuring() {
    with(
        "t4",
        planner -> {
          for (OperationGraph graph : ALL) {
            var e = assertThrows(CudnnException.class, () -> planner.plan(graph, RULES));
            assertTrue(e.getMessage().contains("from compute capability 8.0 on"), e.getMessage());
          }
        });
  }

  /** cuDNN 9.24 has no engine for bf16, nor for channels that are no multiple of 8. */
  @Test
  void aFilterGradientAfterANormWantsHalvesOfEightChannels() {
    Shape w = Shape.of(24, 12, 1, 1);
    Conv2dGeometry g = Conv2dGeometry.of(1, 0, 1);
    with(
        "h100",
        planner -> {
          for (NormGraphs other :
              List.of(
                  new NormGraphs(DType.BF16, Shape.of(2, 16, 9, 9), Shape.of(24, 16, 1, 1), g),
                  new NormGraphs(DType.F16, Shape.of(2, 12, 9, 9), w, g))) {
            planner.plan(other.afterNormWithStatistics(), RULES).close();
            for (OperationGraph graph : other.filterGradientsAfterNorm()) {
              assertThrows(CudnnException.class, () -> planner.plan(graph, RULES));
            }
          }
        });
  }

  private static void with(String gpu, Consumer<Planner> work) {
    SimulatedDriver driver = ServiceLoader.load(SimulatedDriver.class).findFirst().orElseThrow();
    try {
      Cudnn cudnn = new Cudnn(driver.open(1));
      work.accept(Planner.forDescribedDevice(cudnn, GpuDescriptions.json(gpu)));
    } finally {
      driver.close();
    }
  }

  @Test
  void layersWithEqualResultsShareTheGraphsOfTheirNorms() {
    var other =
        new NormGraphs(
            DType.F16, Shape.of(2, 40, 5, 5), Shape.of(24, 40, 1, 1), Conv2dGeometry.of(1, 0, 1));
    assertEquals(GRAPHS.norm(true, true), other.norm(true, true));
    assertEquals(GRAPHS.normBackward(true), other.normBackward(true));
  }
}
