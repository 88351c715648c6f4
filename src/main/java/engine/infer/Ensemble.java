package engine.infer;

import engine.backend.Backend;
import engine.base.UserError;
import engine.run.ModelInfo;
import engine.run.Precision;
import java.io.IOException;
import java.nio.file.Path;
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
   * @param vote with as many weights as there are checkpoints
   * @throws UserError if the checkpoints are not of the same classes in the same order
   */
  public static Ensemble load(
      Backend backend, List<Path> checkpoints, Precision precision, int size, Vote vote)
      throws IOException {
    Ensemble e = new Ensemble(backend, vote);
    try {
      for (Path p : checkpoints) {
        e.models.add(LoadedModel.load(backend, p, precision, size));
        requireSameClasses(checkpoints.getFirst(), e.classes(), p, e.models.getLast().info());
      }
      return e;
    } catch (IOException | RuntimeException x) {
      e.close();
      throw x;
    }
  }

  private static void requireSameClasses(
      Path first, List<String> classes, Path other, ModelInfo info) {
    if (!info.classes().equals(classes)) {
      throw new UserError(
          "%s knows the classes %s and %s knows %s: models that vote need the same ones in the same order"
              .formatted(first, EvalData.brief(classes), other, EvalData.brief(info.classes())));
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
