package engine.cli;

import engine.base.UserError;
import engine.model.NetworkOptions;
import engine.recipe.Recipe;
import engine.run.ModelFile;
import engine.run.ModelInfo;
import engine.run.RunSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** Which model to look at, and on pictures of which size. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      completionCandidates = ModelTitles.class,
      description = "${COMPLETION-CANDIDATES} (default resnet50, or that of --checkpoint).")
  private String model;

  @Option(
      names = "--width",
      paramLabel = "F",
      description = "Factor on the channels of every layer (default 1, or that of --checkpoint).")
  private Double width;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Side of the images (default 224, or that of --checkpoint).")
  private Integer imageSize;

  @Option(
      names = "--checkpoint",
      paramLabel = "PATH",
      description =
          "Look at the network of a run, a checkpoint, or weights of torchvision or timm; its layers count here, not the values of its weights.")
  private Path checkpoint;

  private ModelFile file;

  /** The file that {@code --checkpoint} names, or null. */
  private ModelFile file() {
    try {
      if (checkpoint != null && file == null) {
        file = ModelFile.read(checkpoint, new ModelFile.Said(model, null, null));
      }
      return file;
    } catch (IOException e) {
      throw new UserError(Errors.sentence(e), e);
    }
  }

  String model() {
    return model != null ? model : file() != null ? file().info().model().name() : "resnet50";
  }

  double width() {
    return width != null ? width : file() != null ? network().width() : 1;
  }

  int imageSize() {
    if (imageSize != null || file() == null) {
      return imageSize != null ? imageSize : 224;
    }
    int crop = file().info().preprocessing().crop();
    int resize = file().info().preprocessing().resize();
    return crop > 0 ? crop : resize > 0 ? resize : 224;
  }

  private NetworkOptions network() {
    return file().info().model().options();
  }

  /** Whether {@code --checkpoint} computes in bytes. */
  boolean isInt8() {
    return file() != null && file().isInt8();
  }

  /** The recipe that {@code engine train} makes of the same options, for random pictures. */
  Recipe recipe(CommonOptions common, int batch) {
    return recipe(common, batch, "random");
  }

  /** The same for other pictures. */
  Recipe recipe(CommonOptions common, int batch, String data) {
    RecipeOptions options = new RecipeOptions(data, model(), width(), imageSize(), batch);
    if (file() != null) {
      options.likeIn(network());
    }
    return options.toRecipe(common);
  }

  /**
   * The model of such a recipe.
   *
   * @param classes of a model that no file names
   */
  ModelInfo info(Recipe recipe, int classes) {
    if (file() != null && width == null) {
      return file().info();
    }
    return RunSetup.info(
        recipe, IntStream.range(0, classes).mapToObj(Integer::toString).toList(), 0);
  }
}
