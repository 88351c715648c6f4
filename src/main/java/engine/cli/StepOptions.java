package engine.cli;

import engine.recipe.Recipe;
import engine.run.ModelInfo;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which training step to look at; its pictures are random. */
final class StepOptions {
  private static final int CLASSES = 10;

  @Mixin private ModelOptions model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "2",
      description = "Images a step (default 2).")
  private int batch;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description = "fp32, tf32, amp, bf16 or fp16 (default fp32).")
  private String precision;

  /** The recipe that {@code engine train} makes of the same options. */
  Recipe recipe(CommonOptions common) {
    Recipe r = model.recipe(common, batch);
    return r.with(common.checked(() -> r.compute().withPrecision(precision)));
  }

  /** The model of that recipe, with {@value #CLASSES} classes. */
  ModelInfo info(Recipe recipe) {
    return model.info(recipe, CLASSES);
  }
}
