package engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.OnEveryDevice;
import engine.OnPooledMemory;
import engine.TestDevices;
import engine.backend.Backend;
import engine.backend.Collective;
import engine.data.loader.Batch;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.optim.Optimizer;
import engine.picture.Normalization;
import engine.recipe.AugmentSettings;
import engine.recipe.ComputeSettings;
import engine.recipe.DataSettings;
import engine.recipe.ExecutionMode;
import engine.recipe.LossSettings;
import engine.recipe.ModelSettings;
import engine.recipe.OptimSettings;
import engine.recipe.Recipe;
import engine.recipe.Regularization;
import engine.recipe.ScheduleSettings;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Eager steps and replayed ones. */
class TrainingStepTest {
  private static final int STEPS = 4;
  private static final int SIDE = 32;
  private static final int CLASSES = 5;

  @OnPooledMemory
  void inMemoryThatOthersLeft(Backend backend) {
    replayedStepsGiveTheBitsOfEagerOnesInAnyMemory(backend);
    aLastSmallerBatchAndAccumulationRunBesideThePlan(backend);
  }

  @OnEveryDevice
  void replayedStepsGiveTheBitsOfEagerOnesInAnyMemory(Backend backend) {
    for (String precision : List.of("fp32", "amp")) {
      boolean slow = backend.name().equals("sim");
      for (String optimizer : slow ? List.of("adamw") : List.of("adamw", "sgd")) {
        Recipe r = recipe(optimizer, precision, 8, 1, 1.0);
        var eager = train(backend, r, ExecutionMode.EAGER, 8);
        String what = optimizer + " " + precision;
        assertSame(eager, train(backend, r, ExecutionMode.PLANNED, 8), what);
        assertSame(eager, train(backend, r, ExecutionMode.SMALL, 8), what + ", recomputing");
      }
    }
  }

  @OnEveryDevice
  void aLastSmallerBatchAndAccumulationRunBesideThePlan(Backend backend) {
    Recipe small = recipe("adamw", "fp32", 8, 1, 0);
    assertSame(
        train(backend, small, ExecutionMode.EAGER, 3),
        train(backend, small, ExecutionMode.PLANNED, 3),
        "small last batch");
    Recipe accumulated = recipe("adamw", "fp32", 8, 2, 0);
    assertSame(
        train(backend, accumulated, ExecutionMode.EAGER, 8),
        train(backend, accumulated, ExecutionMode.PLANNED, 8),
        "accumulated");
  }

  @OnEveryDevice
  void aReplayedStepAllocatesNothing(Backend backend) {
    assumeTrue(!backend.name().equals("sim"), "a GPU made of Java allocates while it computes");
    Recipe r = recipe("adamw", "fp32", 8, 1, 1.0);
    try (Arena arena = Arena.ofConfined();
        ResNet model = new ResNet(backend, config(), new SplittableRandom(3));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        TrainingStep step =
            new TrainingStep(
                backend, model, optimizer, r, Normalization.IMAGENET, ExecutionMode.PLANNED)) {
      for (int i = 0; i < 4; i++) {
        step.run(batch(arena, 8, i), i, TrainingStep.Part.WHOLE);
      }
      assertTrue(step.plan().kernels() > 100, "kernels in the plan: " + step.plan().kernels());
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      long live = backend.memory().liveTensors();
      for (int i = 0; i < 200; i++) {
        step.plan().replay(); // lets the compiler see what escapes and what does not
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      int replays = 50;
      for (int i = 0; i < replays; i++) {
        step.plan().replay();
      }
      long each = (threads.getCurrentThreadAllocatedBytes() - before) / replays;
      assertEquals(live, backend.memory().liveTensors());
      // A few lambdas of parallel Java kernels are all that is left.
      assertTrue(each < 16_384, "bytes of heap a replay: " + each);
    }
  }

  /** A device that trains with others, whose gradients {@code average} stands for. */
  private static Backend together(Backend device, Consumer<Tensor> average) {
    Collective collective =
        new Collective() {
          @Override
          public int devices() {
            return 2;
          }

          @Override
          public void averageInPlace(Tensor flat) {
            average.accept(flat);
          }
        };
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, args) ->
                method.getName().equals("collective") ? collective : method.invoke(device, args));
  }

  @OnEveryDevice
  void gradientsAreExchangedBeforeTheOptimiserAlsoInAReplayedStep(Backend backend) {
    Recipe r = recipe("adamw", "fp32", 8, 1, 1.0);
    Backend twins =
        together(
            backend,
            flat -> {
              backend.elementwise().addInPlace(flat, flat);
              try (Tensor half = backend.elementwise().scale(flat, 0.5f)) {
                backend.memory().copyInPlace(half, flat);
              }
            });
    assertSame(
        train(backend, r, ExecutionMode.PLANNED, 8),
        train(twins, r, ExecutionMode.PLANNED, 8),
        "the mean with an equal device");
    Backend silent = together(backend, flat -> backend.memory().fillInPlace(flat, 0));
    train(silent, r, ExecutionMode.PLANNED, 8)
        .forEach(
            (name, values) -> {
              if (name.endsWith("exp_avg")) {
                assertArrayEquals(new float[values.length], values, name);
              }
            });
  }

  @OnEveryDevice
  void exchangedGradientsOfSeveralPartsAddUp(Backend backend) {
    Recipe r = recipe("adamw", "fp32", 8, 2, 0);
    assertSame(
        train(backend, r, ExecutionMode.PLANNED, 8),
        train(together(backend, _ -> {}), r, ExecutionMode.PLANNED, 8),
        "accumulated");
  }

  private static void assertSame(Map<String, float[]> a, Map<String, float[]> b, String what) {
    assertEquals(a.keySet(), b.keySet());
    a.forEach((name, v) -> assertArrayEquals(v, b.get(name), 0, what + ": " + name));
  }

  /**
   * Weights, statistics, optimiser state and losses after a few steps with dropout and a moving
   * learning rate.
   */
  private static Map<String, float[]> train(
      Backend backend, Recipe r, ExecutionMode execution, int lastBatch) {
    Map<String, float[]> out = new LinkedHashMap<>();
    try (var _ = TestDevices.noLeaks(backend);
        Arena arena = Arena.ofConfined();
        ResNet model = new ResNet(backend, config(), new SplittableRandom(3));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        TrainingStep step =
            new TrainingStep(backend, model, optimizer, r, Normalization.IMAGENET, execution)) {
      float[] losses = new float[STEPS];
      for (int i = 0; i < STEPS; i++) {
        optimizer.setLr(1e-3 * (i + 1));
        boolean last = i == STEPS - 1;
        var part = TrainingStep.Part.at(i, STEPS, r.schedule().accumulate());
        losses[i] = step.run(batch(arena, last ? lastBatch : 8, i), i, part);
      }
      out.put("losses", losses);
      model.stateDict(backend).forEach((n, t) -> out.put(n, t.toFloats()));
      optimizer.stateDict().forEach((n, t) -> out.put("optimizer." + n, t.toFloats()));
    }
    return out;
  }

  private static Batch batch(Arena arena, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[n * SIDE * SIDE * 3];
    random.nextBytes(bytes);
    MemorySegment pixels = arena.allocate(bytes.length, 64);
    pixels.copyFrom(MemorySegment.ofArray(bytes));
    return Batch.of(pixels, SIDE, SIDE, 3, random.ints(n, 0, CLASSES).toArray());
  }

  private static ResNetConfig config() {
    return new ResNetConfig(18, 8, 3, CLASSES, ResNetConfig.Stem.STANDARD, 0.3, false);
  }

  static Recipe recipe(String optimizer, String precision, int batch, int accumulate, double clip) {
    return new Recipe(
        DataSettings.of("test"),
        new ModelSettings("resnet18", 0.125, "standard", "none", 0.3, false, null),
        new OptimSettings(optimizer, 1e-3, 0.9, 0.01, false, List.of(), clip),
        ScheduleSettings.of(1, batch).withAccumulate(accumulate).withScheduler("constant"),
        new AugmentSettings(SIDE, 0, "none", 0, Regularization.NONE),
        LossSettings.of(0.1),
        new ComputeSettings(precision, 7, "cpu", 2));
  }
}
