package engine.backend.cuda.plans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import engine.backend.Conv2dGeometry;
import engine.backend.PlanChecker.Finding;
import engine.backend.PlanChecker.Layer;
import engine.base.UserError;
import engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The real cuDNN, where it is found, plans the engine's graphs for GPUs that are not here; {@code
 * bench/gpu/vendor-libs} fetches it.
 */
final class CudnnPlanCheckerTest {
  private static final Layer LAYER =
      new Layer(
          "layer4.0.conv2",
          Shape.of(8, 64, 14, 14),
          Shape.of(64, 64, 3, 3),
          Conv2dGeometry.of(2, 1, 1),
          false,
          true,
          true);

  @Test
  void hopperPlansEveryGraphAndTuringWhatNoKernelCouldDo() {
    CudnnPlanChecker checker = new CudnnPlanChecker();
    try {
      checker.library();
    } catch (UserError e) {
      abort("cuDNN is not asked: " + e.getMessage());
    }
    List<Finding> hopper = checker.check("h100", List.of(LAYER), 2);
    assertEquals(List.of(), hopper.stream().filter(f -> f.planned() == null).toList());
    assertTrue(hopper.stream().anyMatch(f -> f.graph().equals("conv + statistics")));

    List<Finding> refused =
        checker.check("t4", List.of(LAYER), 2).stream().filter(f -> f.planned() == null).toList();
    assertFalse(refused.isEmpty(), "cuDNN sums no statistics on Turing");
    for (Finding f : refused) {
      assertTrue(f.instead() != null, f.graph() + " has no plan and nothing in its place");
      assertFalse(f.refusal().isBlank(), f.graph());
    }
  }

  /** What TensorFlow's padding asks for at stride 2: the stem and a depthwise layer. */
  @Test
  void everyGpuPadsTheTwoSidesOfAnImageDifferently() {
    CudnnPlanChecker checker = new CudnnPlanChecker();
    try {
      checker.library();
    } catch (UserError e) {
      abort("cuDNN is not asked: " + e.getMessage());
    }
    Layer stem = same("stem", Shape.of(8, 3, 64, 64), Shape.of(32, 3, 3, 3), 1, true);
    Layer depthwise = same("depthwise", Shape.of(8, 96, 32, 32), Shape.of(96, 1, 5, 5), 96, false);
    for (String gpu : checker.gpus()) {
      List<Finding> refused =
          checker.check(gpu, List.of(stem, depthwise), 2).stream()
              .filter(f -> f.planned() == null && f.instead() == null)
              .toList();
      assertEquals(List.of(), refused, gpu);
    }
  }

  private static Layer same(String name, Shape x, Shape w, int groups, boolean onImages) {
    Conv2dGeometry g = Conv2dGeometry.of(2, 0, groups).paddedSame(x, w);
    return new Layer(name, x, w, g, onImages, false, false);
  }

  @Test
  void everyGpuIsDescribedWhole() {
    assertEquals(List.of("h100", "a100", "rtx3090", "t4", "b200"), new CudnnPlanChecker().gpus());
  }
}
