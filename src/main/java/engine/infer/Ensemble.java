package engine.infer;

import engine.backend.Backend;
import engine.base.UserError;
import engine.recipe.Precision;
import engine.run.ModelFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One or several models of the same classes, quantised ones among them, that vote. */
public final class Ensemble implements AutoCloseable {
  private final List<LoadedModel> models = new ArrayList<>();
  private final Backend backend;
  private final Vote vote;

  private Ensemble(Backend backend, Vote vote) {
    this.backend = backend;
    this.vote = vote;
  }

  /**
   * @param precision to compute in; a quantised model computes in bytes whatever this is
   * @param size side in pixels that pictures are brought to; 0 for each model's own
   * @param vote with as many weights as there are files
   * @throws UserError if the models are not of the same classes in the same order
   */
  public static Ensemble load(
      Backend backend, List<ModelFile> files, Precision precision, int size, Vote vote) {
    Ensemble e = new Ensemble(backend, vote);
    try {
      for (ModelFile f : files) {
        requireSameClasses(files.getFirst(), f);
        e.models.add(LoadedModel.load(backend, f, precision, size));
      }
      return e;
    } catch (RuntimeException x) {
      e.close();
      throw x;
    }
  }

  private static void requireSameClasses(ModelFile first, ModelFile other) {
    List<String> classes = first.info().classes();
    if (!other.info().classes().equals(classes)) {
      throw new UserError(
          "%s knows the classes %s and %s knows %s: models that vote need the same ones in the same order"
              .formatted(
                  first.path(),
                  EvalData.brief(classes),
                  other.path(),
                  EvalData.brief(other.info().classes())));
    }
  }

  public Backend backend() {
    return backend;
  }

  public List<String> classes() {
    return models.getFirst().info().classes();
  }

  /** The models in the order of their checkpoints. */
  public List<LoadedModel> models() {
    return Collections.unmodifiableList(models);
  }

  public Vote vote() {
    return vote;
  }

  @Override
  public void close() {
    models.forEach(LoadedModel::close);
  }
}
