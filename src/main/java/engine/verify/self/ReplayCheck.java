package engine.verify.self;

import engine.backend.Backend;
import engine.data.loader.Batch;
import engine.model.ResNet;
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
import engine.tensor.HostTensor;
import engine.train.OptimizerFactory;
import engine.train.TrainingStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Training steps op by op, op by op again, and recorded and replayed: the same bits in every loss,
 * weight, statistic and moment.
 */
record ReplayCheck(Backend b, Size size, String precision) implements Check {
  /** The first is never recorded, the second is, the others replay it. */
  private static final int STEPS = 4;

  @Override
  public String name() {
    return "training/replayed against op by op, " + precision;
  }

  @Override
  public String run() {
    Map<String, HostTensor> eager = train(ExecutionMode.EAGER);
    same("a second run, ", eager, train(ExecutionMode.EAGER));
    same("a replayed run, ", eager, train(ExecutionMode.PLANNED));
    return "%d steps three times, %d tensors: the same bits".formatted(STEPS, eager.size());
  }

  private static void same(String run, Map<String, HostTensor> a, Map<String, HostTensor> b) {
    a.forEach((name, t) -> Agreement.same(run + name, t, b.get(name)));
  }

  private Map<String, HostTensor> train(ExecutionMode execution) {
    Recipe r = recipe();
    Map<String, HostTensor> out = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined();
        ResNet model = Trial.network(b, size);
        Optimizer optimizer = OptimizerFactory.of(b, r, model);
        TrainingStep step =
            new TrainingStep(b, model, optimizer, r, Normalization.IMAGENET, execution)) {
      for (int i = 0; i < STEPS; i++) {
        float loss = step.run(batch(arena, i), i, TrainingStep.Part.WHOLE);
        out.put("the loss of step " + i, HostTensor.of(new float[] {loss}));
      }
      out.putAll(model.stateDict(b));
      optimizer.stateDict().forEach((name, t) -> out.put("the optimiser's " + name, t));
    }
    return out;
  }

  private Batch batch(Arena arena, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[size.batch() * size.side() * size.side() * 3];
    random.nextBytes(bytes);
    MemorySegment pixels = arena.allocate(bytes.length, 64);
    pixels.copyFrom(MemorySegment.ofArray(bytes));
    int[] labels = random.ints(size.batch(), 0, Trial.CLASSES).toArray();
    return Batch.of(pixels, size.side(), size.side(), 3, labels);
  }

  private Recipe recipe() {
    return new Recipe(
        DataSettings.of("none"),
        new ModelSettings("resnet50", size.width(), "standard", "none", 0, false, null),
        new OptimSettings("adamw", 1e-3, 0.9, 0.01, false, List.of(), 1),
        ScheduleSettings.of(1, size.batch()).withScheduler("constant"),
        new AugmentSettings(size.side(), 0, "none", 0, Regularization.NONE),
        LossSettings.of(0.1),
        new ComputeSettings(precision, 7, b.name(), 0));
  }
}
