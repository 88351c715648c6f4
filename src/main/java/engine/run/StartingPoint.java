package engine.run;

import engine.base.UserError;
import engine.data.Datasets;
import engine.data.transform.TransformSpec;
import engine.model.NetworkConfig;
import engine.recipe.AugmentSettings;
import engine.recipe.Preparation;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the file that a run starts from says of its network and of its pictures: what the run has,
 * too, where nobody says otherwise.
 *
 * @param imageSize side of the pictures that it was trained on; 0 if nothing says it
 * @param evalSize that of its evaluations, where it is another; else 0
 * @param preprocessing of its evaluations; null if nothing says it
 */
public record StartingPoint(
    NetworkConfig network, int imageSize, int evalSize, TransformSpec preprocessing) {
  /**
   * @param weights as {@code --weights} takes them: a run, or a file, with {@code #KEY} for one of
   *     its sets of weights
   * @param model what the user calls the network, or null
   * @throws UserError if it holds no network that is known here
   */
  public static StartingPoint of(String weights, String model) throws IOException {
    StartingFile start = StartingFile.of(weights);
    ModelFile file;
    try {
      file = ModelFile.readToTrain(start.path(), new ModelFile.Said(model, null, start.key()));
    } catch (UserError e) {
      if (model == null) {
        throw e;
      }
      file = ModelFile.readToTrain(start.path(), new ModelFile.Said(null, null, start.key()));
    }
    TransformSpec spec = file.info().preprocessing();
    if (file.foreign() != null) {
      boolean known = file.foreign().knowsPreprocessing();
      return new StartingPoint(
          file.info().model(), known ? spec.crop() : 0, 0, known ? spec : null);
    }
    Recipe recipe = recipe(start.path());
    if (recipe != null) {
      AugmentSettings a = recipe.augment();
      return new StartingPoint(file.info().model(), a.imageSize(), a.evalSize(), spec);
    }
    return new StartingPoint(
        file.info().model(), spec.crop() > 0 ? spec.crop() : spec.resize(), 0, spec);
  }

  /** Of the run that a checkpoint lies in; null if it lies in none. */
  private static Recipe recipe(Path checkpoint) throws IOException {
    Path config = RunFolder.containing(checkpoint).config();
    try {
      return Files.isRegularFile(config) ? Recipe.read(config) : null;
    } catch (UserError e) {
      return null; // the checkpoint tells nearly all of it
    }
  }

  /**
   * In which other way than its data's own a run prepares pictures, as a recipe has it; null for
   * none.
   *
   * @param source what {@code --data} names
   * @param size side of the pictures
   */
  public String preprocessingOn(String source, int size) {
    return preprocessing == null
        ? null
        : Preparation.text(
            preprocessing,
            TransformSpec.imageNetEval(size).with(Datasets.source(source).normalization()));
  }
}
