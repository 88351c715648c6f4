package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Backend;
import engine.backend.cuda.TracedGpu;
import engine.data.loader.Batch;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.optim.Optimizer;
import engine.picture.Normalization;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.recipe.Regularization;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a settled training step asks of the driver, read from the software GPU's calls. */
final class CopyAheadTest {
  private static final int SIDE = 8;
  private static final int CLASSES = 3;
  private static final int SETTLED = 2;

  /** What waits for the device, or may. */
  private static final Set<String> WAITS =
      Set.of(
          "cuStreamSynchronize",
          "cuEventSynchronize",
          "cuCtxSynchronize",
          "cuMemcpyHtoD_v2",
          "cuMemcpyDtoH_v2",
          "cuMemAlloc_v2",
          "cuMemFree_v2",
          "cuMemHostAlloc",
          "cuMemFreeHost",
          "cuModuleLoadDataEx");

  private static final String COPY = "stream 2: cuMemcpyHtoDAsync";

  @ParameterizedTest
  @CsvSource({"fp32, 0.4", "amp, 0"})
  void theNextBatchIsOnItsWayBeforeTheStepIsWaitedForAndNothingElseWaits(
      String precision, double mixup) {
    Recipe plain = TrainingStepTest.recipe("adamw", precision, 4, 1, 0);
    Recipe r = plain.with(plain.augment().withRegularization(mixing(mixup)));
    try (TracedGpu gpu = new TracedGpu();
        Arena arena = Arena.ofConfined();
        ResNet model = new ResNet(gpu.backend(), config(), new SplittableRandom(3));
        Optimizer optimizer = OptimizerFactory.of(gpu.backend(), r, model);
        TrainingStep step = step(gpu.backend(), model, optimizer, r)) {
      Batch[] batches = {batch(arena, 1), batch(arena, 2)};
      for (int i = 0; i < SETTLED; i++) {
        run(step, batches, i);
      }
      for (int i = SETTLED; i < SETTLED + 2; i++) {
        int n = i;
        List<String> calls = gpu.calls(() -> run(step, batches, n));
        check(calls);
        if (precision.equals("fp32")) {
          assertEquals(0, count(calls, "stream 1: kernel few_channels"), "as the stem reads it");
        }
      }
    }
  }

  private static void run(TrainingStep step, Batch[] batches, int i) {
    step.run(batches[i % 2], i, TrainingStep.Part.WHOLE, () -> step.stage(batches[(i + 1) % 2]));
  }

  private static void check(List<String> calls) {
    List<String> waits = calls.stream().filter(WAITS::contains).toList();
    assertEquals(List.of("cuStreamSynchronize"), waits, "for the loss: " + calls);
    int graph = calls.indexOf("cuGraphLaunch");
    int copy = calls.indexOf(COPY);
    int augment = first(calls, "stream 1: kernel augment_f");
    assertTrue(augment >= 0 && augment < graph, "augmented before the plan: " + calls);
    assertTrue(graph < copy, "the step was issued before the next batch: " + calls);
    assertTrue(copy < calls.indexOf("cuStreamSynchronize"), "copied ahead: " + calls);
    assertEquals(copy, calls.lastIndexOf(COPY), "one copy a step");
    assertEquals(-1, first(calls, "stream 1: kernel normalize"), "normalised with the rest");
    assertEquals(
        2, count(calls, "stream 1: cuMemcpyHtoDAsync"), "targets and random state alone: " + calls);
  }

  private static long count(List<String> calls, String start) {
    return calls.stream().filter(c -> c.startsWith(start)).count();
  }

  private static int first(List<String> calls, String start) {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).startsWith(start)) {
        return i;
      }
    }
    return -1;
  }

  private static Regularization mixing(double mixup) {
    return new Regularization("none", 0, mixup, 0, 0, 0);
  }

  private static TrainingStep step(Backend gpu, ResNet model, Optimizer optimizer, Recipe r) {
    return new TrainingStep(
        gpu, model, optimizer, r, Normalization.IMAGENET, ExecutionMode.PLANNED);
  }

  private static ResNetConfig config() {
    return new ResNetConfig(18, 4, 3, CLASSES, ResNetConfig.Stem.STANDARD, 0.1, false);
  }

  private static Batch batch(Arena arena, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[4 * SIDE * SIDE * 3];
    random.nextBytes(bytes);
    MemorySegment pixels = arena.allocate(bytes.length, 64);
    pixels.copyFrom(MemorySegment.ofArray(bytes));
    return Batch.of(pixels, SIDE, SIDE, 3, random.ints(4, 0, CLASSES).toArray());
  }
}
