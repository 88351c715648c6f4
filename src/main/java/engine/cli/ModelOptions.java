package engine.cli;

import engine.run.Recipe;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which model to look at, and on pictures of which size. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description =
          "resnet18, resnet34, resnet50, resnet101 or efficientnet_b0 to _b7 (default resnet50).")
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

  /**
   * The recipe that {@code engine train} makes of the same options.
   *
   * @param others more of its options, such as {@code --precision=amp}; random pictures without
   *     {@code --data}
   */
  Recipe recipe(CommonOptions common, int batch, String... others) {
    List<String> arguments = new ArrayList<>(List.of(others));
    if (arguments.stream().noneMatch(a -> a.startsWith("--data="))) {
      arguments.add("--data=random");
    }
    arguments.add("--model=" + model);
    arguments.add("--width=" + width);
    arguments.add("--batch=" + batch);
    arguments.add("--image-size=" + imageSize);
    RecipeOptions options = new RecipeOptions();
    CommandLine.populateCommand(options, arguments.toArray(String[]::new));
    return options.toRecipe(common);
  }
}
