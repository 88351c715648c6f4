package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import engine.data.transform.Normalization;
import engine.model.Network;
import engine.nn.Init;
import engine.nn.StateMismatchException;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A trained model ready to answer, with its classes and preprocessing. */
public final class LoadedModel implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LoadedModel.class.getName());
  private static final int STEPS = 4;

  private final Backend backend;
  private final Network model;
  private final ModelInfo info;
  private final boolean half;
  private final Map<Shape, InferenceStep> steps =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, InferenceStep> eldest) {
          if (size() > STEPS) {
            eldest.getValue().close();
            return true;
          }
          return false;
        }
      };

  LoadedModel(Backend backend, Network model, ModelInfo info, boolean half) {
    this.backend = backend;
    this.model = model;
    this.info = info;
    this.half = half;
    model.foldNorms(backend);
  }

  /**
   * Loads a checkpoint.
   *
   * @param where a run folder (its best checkpoint), a checkpoint folder, or a {@code
   *     model.safetensors}
   * @param half compute in half precision
   */
  public static LoadedModel load(Backend backend, Path where, boolean half) throws IOException {
    Path file = find(where);
    SafeTensors.Contents c = SafeTensors.read(file);
    ModelInfo info = ModelInfo.fromMetadata(c.metadata(), file.toString());
    Network model = info.model().create(backend, Init.NOTHING);
    try {
      model.loadStateDict(backend, c.tensors());
    } catch (StateMismatchException e) {
      model.close();
      throw new UserError(file + ": " + e.getMessage(), e);
    }
    return new LoadedModel(backend, model, info, half);
  }

  /**
   * The same for pictures of another size than the model was trained for.
   *
   * @param size side in pixels; 0 for the model's own
   */
  public static LoadedModel load(Backend backend, Path where, boolean half, int size)
      throws IOException {
    LoadedModel m = load(backend, where, half);
    if (size == 0) {
      return m;
    }
    ModelInfo info =
        new ModelInfo(m.info.model(), m.info.classes(), m.info.preprocessing().atSize(size));
    return new LoadedModel(backend, m.model, info, half);
  }

  /** A model with fresh random weights, for measuring how fast one answers. */
  public static LoadedModel untrained(Backend backend, ModelInfo info, boolean half, long seed) {
    Network model = info.model().create(backend, new SplittableRandom(seed));
    return new LoadedModel(backend, model, info, half);
  }

  /**
   * The model file of a run folder, a checkpoint folder, or the file itself; of a checkpoint with
   * an average of weights, the average.
   */
  public static Path find(Path where) throws IOException {
    if (Files.isRegularFile(where)) {
      return where;
    }
    if (!Files.isDirectory(where)) {
      throw new UserError(
          "there is no checkpoint " + where + ": give a run folder such as runs/NAME");
    }
    if (Files.isRegularFile(where.resolve(Checkpoint.MODEL))) {
      return Checkpoint.answering(where);
    }
    RunFolder run = new RunFolder(where);
    Path best = run.best();
    if (best == null) {
      throw new UserError(where + " holds no finished checkpoint: train it for at least one epoch");
    }
    return Checkpoint.answering(best);
  }

  public ModelInfo info() {
    return info;
  }

  public Network model() {
    return model;
  }

  public long parameterCount() {
    return model.parameterCount();
  }

  /**
   * Logits of a batch.
   *
   * @param pixels u8 in N, H, W, C order
   * @return F32 [n, classes]
   */
  public HostTensor logits(MemorySegment pixels, int n, int height, int width, int channels) {
    Normalization norm = info.preprocessing().normalization();
    InferenceStep step = step(Shape.of(n, channels, height, width));
    backend.memory().normalizePixelsInPlace(pixels, norm.mean(), norm.std(), step.images());
    return step.run();
  }

  /**
   * The place of a batch of this shape on the device: who fills its images may run it any number of
   * times. Closed by this model, at the latest when {@value #STEPS} other shapes came after it.
   */
  public InferenceStep step(Shape images) {
    InferenceStep step = steps.get(images);
    if (step == null) {
      step = new InferenceStep(backend, model, images, half);
      steps.put(images, step);
      LOG.log(Level.DEBUG, "a plan for images of shape {0}", images);
    }
    return step;
  }

  private void closeSteps() {
    steps.values().forEach(InferenceStep::close);
    steps.clear();
  }

  /** Gives the model back to training: what was folded for inference is freed. */
  void release() {
    closeSteps();
    model.unfoldNorms();
  }

  @Override
  public void close() {
    closeSteps();
    model.close();
  }
}
