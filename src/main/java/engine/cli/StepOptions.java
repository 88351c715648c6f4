package engine.cli;

import engine.train.ModelInfo;
import engine.train.Recipe;
import engine.train.RunSetup;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which training step to look at; its pictures are random. */
final class StepOptions {
  private static final int CLASSES = 10;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description = "As engine train takes it (default resnet50).")
  private String model;

  @Option(
      names = "--width",
      paramLabel = "F",
      defaultValue = "1",
      description = "Factor on the channels of every layer (default 1).")
  private double width;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "2",
      description = "Images a step (default 2).")
  private int batch;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      defaultValue = "224",
      description = "Side of the images (default 224).")
  private int imageSize;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description = "fp32, tf32, amp, bf16 or fp16 (default fp32).")
  private String precision;

  /** The recipe that {@code engine train} makes of the same options. */
  Recipe recipe(CommonOptions common) {
    RecipeOptions options = new RecipeOptions();
    CommandLine.populateCommand(
        options,
        "--data=random",
        "--model=" + model,
        "--width=" + width,
        "--batch=" + batch,
        "--image-size=" + imageSize,
        "--precision=" + precision);
    return options.toRecipe(common);
  }

  /** The model of that recipe, with {@value #CLASSES} classes. */
  ModelInfo info(Recipe recipe) {
    return RunSetup.info(
        recipe, IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(), 0);
  }
}
