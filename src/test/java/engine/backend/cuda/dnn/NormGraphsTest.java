package engine.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Conv2dGeometry;
import engine.ffi.Cudnn;
import engine.ffi.SimulatedDriver;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The graphs of a convolution and its norm are legal for the software GPU's cuDNN. */
final class NormGraphsTest {
  private static final NormGraphs GRAPHS =
      new NormGraphs(
          DType.F16, Shape.of(2, 16, 9, 9), Shape.of(24, 16, 3, 3), Conv2dGeometry.of(2, 1, 1));

  @Test
  void everyGraphIsFinalisedAndPlanned() {
    SimulatedDriver driver = ServiceLoader.load(SimulatedDriver.class).findFirst().orElseThrow();
    try {
      Cudnn cudnn = new Cudnn(driver.open(1));
      Planner planner = Planner.forDescribedDevice(cudnn, GpuDescriptions.json("a100"));
      for (OperationGraph graph :
          List.of(
              GRAPHS.withStatistics(),
              GRAPHS.afterNormWithStatistics(),
              GRAPHS.norm(false, false),
              GRAPHS.norm(false, true),
              GRAPHS.norm(true, true),
              GRAPHS.normBackward(false),
              GRAPHS.normBackward(true))) {
        try (ExecutionPlan p = planner.plan(graph, new EngineRules(1 << 30, false))) {
          assertTrue(p.offered() > 0, graph.name());
        }
      }
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
