package engine.cli;

import engine.run.Recipe;
import picocli.CommandLine.Option;

/** Which model to look at, and on pictures of which size. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      completionCandidates = ModelTitles.class,
      description = "${COMPLETION-CANDIDATES} (default resnet50).")
  private String model;

  @Option(
      names = "--width",
      paramLabel = "F",
      defaultValue = "1",
      description = "Factor on the channels of every layer (default 1).")
  private double width;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      defaultValue = "224",
      description = "Side of the images (default 224).")
  private int imageSize;

  String model() {
    return model;
  }

  double width() {
    return width;
  }

  int imageSize() {
    return imageSize;
  }

  /** The recipe that {@code engine train} makes of the same options, for random pictures. */
  Recipe recipe(CommonOptions common, int batch) {
    return recipe(common, batch, "random");
  }

  /** The same for other pictures. */
  Recipe recipe(CommonOptions common, int batch, String data) {
    return new RecipeOptions(data, model, width, imageSize, batch).toRecipe(common);
  }
}
