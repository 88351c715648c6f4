package engine.bench;

import engine.backend.Backend;
import engine.recipe.ExecutionMode;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;

/** Times whole steps: of a training, or answers of a model. */
public final class StepBench {
  private StepBench() {}

  /**
   * A training step of the recipe: pixels, forward, loss, backward, optimiser.
   *
   * @param qat with every layer rounded as an int8 network will be
   */
  public static Result train(
      Backend backend,
      Recipe recipe,
      ModelInfo info,
      ExecutionMode execution,
      boolean qat,
      Budget budget) {
    try (Workload work = new TrainWork(backend, recipe, info, execution, qat)) {
      return measure("train", backend, recipe, work, budget);
    }
  }

  /** Logits of one batch of the recipe's size. */
  public static Result infer(Backend backend, Recipe recipe, ModelInfo info, Budget budget) {
    try (Workload work = new InferWork(backend, recipe, info)) {
      return measure("infer", backend, recipe, work, budget);
    }
  }

  /** The same by bytes. */
  public static Result inferInt8(Backend backend, Recipe recipe, ModelInfo info, Budget budget) {
    try (Workload work = new Int8Work(backend, recipe, info)) {
      return measure("infer", backend, recipe, work, budget);
    }
  }

  private static Result measure(
      String name, Backend backend, Recipe recipe, Workload work, Budget budget) {
    work.run();
    double first = ProcessStatus.ageSeconds();
    Timing timing = Timing.measure(budget, () -> backend.milliseconds(work::run));
    // What comes after is not part of the work.
    double peak = ProcessStatus.peakMegabytes();
    int n = recipe.schedule().batch();
    double flops =
        NetworkConvolutions.flops(
            NetworkConvolutions.of(backend, work.model(), n, recipe.augment().imageSize()),
            work.model(),
            n,
            work.passes());
    double ceiling = GemmCeiling.measure(backend, type(backend, recipe), budget);
    return new Result(name, n, timing, flops, ceiling, first, peak);
  }

  /** The type that the recipe computes in. */
  static DType type(Backend backend, Recipe recipe) {
    return Precision.of(recipe.compute().precision(), backend, _ -> {}).compute();
  }
}
