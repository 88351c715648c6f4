package engine.cli;

import engine.backend.Backend;
import engine.data.Datasets;
import engine.data.ImageNetClasses;
import engine.model.NetworkOptions;
import engine.recipe.Recipe;
import engine.run.ModelFile;
import engine.run.ModelInfo;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained network that no run folder of this program holds, as {@code engine quantize} needs it:
 * with a recipe, and in a checkpoint that says what it is.
 */
record RunlessCheckpoint(ModelFile file) {
  private static final String FOLDER = "fp32";

  /** The recipe that {@code engine train} would make for it on such data. */
  Recipe recipe(String data) {
    NetworkOptions network = file.info().model().options();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("data", data);
    values.put("model", file.info().model().name());
    values.put("width", Double.toString(network.width()));
    values.put("stem", network.stem());
    values.put("attention", network.attention());
    int side = file.info().preprocessing().crop();
    if (side > 0) {
      values.put("image-size", Integer.toString(side));
    }
    return RecipeLine.of(values);
  }

  /**
   * The checkpoint to quantise: the file itself, or of another program's one with all that is known
   * of it.
   *
   * @param data whose classes have names, where the file's have none
   * @param folder that it is written into
   */
  Path written(Backend backend, Datasets.Split data, Path folder) throws IOException {
    if (file.foreign() == null) {
      return file.path();
    }
    List<String> classes = data.train().classNames();
    ModelInfo info = file.info();
    boolean imageNet = ImageNetClasses.are(info.classes()) && ImageNetClasses.anyOf(classes);
    if (!file.namesClasses() && !imageNet && classes.size() == info.classes().size()) {
      info = info.withClasses(classes);
    }
    Path out = folder.resolve(FOLDER).resolve("model.safetensors");
    Files.createDirectories(out.getParent());
    SafeTensors.write(out, file.tensors(backend), info.toMetadata());
    return out;
  }
}
