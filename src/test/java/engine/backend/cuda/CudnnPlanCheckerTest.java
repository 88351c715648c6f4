package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import engine.backend.Conv2dGeometry;
import engine.backend.PlanChecker.Finding;
import engine.backend.PlanChecker.Layer;
import engine.base.UserError;
import engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The real cuDNN, where it is found, plans the engine's graphs for GPUs that are not here. */
final class CudnnPlanCheckerTest {
  private static final Layer LAYER =
      new Layer(
          "layer1.0.conv2",
          Shape.of(64, 64, 56, 56),
          Shape.of(64, 64, 3, 3),
          Conv2dGeometry.of(1, 1, 1));

  @Test
  void aConvolutionAndItsGradientsHaveAPlanOnEachGpu() {
    CudnnPlanChecker checker = new CudnnPlanChecker();
    try {
      checker.library();
    } catch (UserError e) {
      abort("cuDNN is not asked: " + e.getMessage());
    }
    for (String gpu : checker.gpus()) {
      List<Finding> refused =
          checker.check(gpu, List.of(LAYER)).stream()
              .filter(f -> f.refusal() != null && !f.graph().contains(" + "))
              .toList();
      assertEquals(List.of(), refused, gpu);
    }
  }

  @Test
  void everyGpuIsDescribedWhole() {
    assertEquals(List.of("h100", "a100", "rtx3090", "t4", "b200"), new CudnnPlanChecker().gpus());
  }
}
