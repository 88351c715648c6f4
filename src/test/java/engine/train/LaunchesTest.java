package engine.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.SimulatedGpus;
import engine.data.loader.Batch;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.optim.Optimizer;
import engine.picture.Normalization;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the host starts in a training step of ResNet-50 in half precision, as a Hopper runs it. */
final class LaunchesTest {
  /** There were 589 with a kernel each for statistics, their moving, counters and casts. */
  private static final int MOST = 420;

  private static final int SIDE = 32;
  private static final int BATCH = 2;

  @Test
  void aStepOfResNet50IsFewLaunches() {
    Recipe r = TrainingStepTest.recipe("adamw", "amp", BATCH, 1, 0);
    var config = new ResNetConfig(50, 8, 3, 5, ResNetConfig.Stem.STANDARD, 0, false);
    try (CudaBackend gpu = SimulatedGpus.open(SimulatedGpus.HOPPER);
        Arena arena = Arena.ofConfined();
        ResNet model = new ResNet(gpu, config, new SplittableRandom(3));
        Optimizer optimizer = OptimizerFactory.of(gpu, r, model);
        TrainingStep step =
            new TrainingStep(
                gpu, model, optimizer, r, Normalization.IMAGENET, ExecutionMode.PLANNED)) {
      MemorySegment pixels = arena.allocate(BATCH * SIDE * SIDE * 3, 64);
      for (int i = 0; i < 2; i++) {
        Batch batch = Batch.of(pixels, SIDE, SIDE, 3, new int[] {0, 1});
        step.run(batch, i, TrainingStep.Part.WHOLE);
      }
      int launches = step.plan().kernels();
      assertTrue(launches > 300 && launches < MOST, "launches: " + launches);
    }
  }
}
