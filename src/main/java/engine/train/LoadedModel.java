package engine.train;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.base.UserError;
import engine.data.transform.Normalization;
import engine.model.Network;
import engine.nn.StateMismatchException;
import engine.quant.Int8File;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
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
  private ModelInfo info;
  private final Precision precision;
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
  private final Int8Graph int8Graph;
  private final Int8Network int8;

  LoadedModel(Backend backend, Network model, ModelInfo info, Precision precision) {
    this.backend = backend;
    this.model = model;
    this.info = info;
    this.precision = precision;
    this.int8Graph = null;
    this.int8 = null;
    model.foldNorms(backend);
  }

  /** A quantised model, which computes in bytes whatever the precision. */
  public LoadedModel(Backend backend, Int8Graph graph, ModelInfo info) {
    this.backend = backend;
    this.model = null;
    this.info = info;
    this.precision = Precision.FP32;
    this.int8Graph = graph;
    this.int8 = backend.int8Networks().compile(graph);
  }

  /**
   * Loads a checkpoint.
   *
   * @param where a run folder (its best checkpoint), a checkpoint folder, or a {@code
   *     model.safetensors}
   * @param precision to compute in
   */
  public static LoadedModel load(Backend backend, Path where, Precision precision)
      throws IOException {
    Path file = find(where);
    SafeTensors.Contents c = SafeTensors.read(file);
    ModelInfo info = ModelInfo.fromMetadata(c.metadata(), file.toString());
    if (c.metadata().containsKey(Int8File.KEY)) {
      String network = c.metadata().get(Int8File.KEY);
      return new LoadedModel(backend, Int8File.read(c.tensors(), network, file.toString()), info);
    }
    Network model = info.model().create(backend, new SplittableRandom(0));
    try {
      model.loadStateDict(backend, c.tensors());
    } catch (StateMismatchException e) {
      model.close();
      throw new UserError(file + ": " + e.getMessage(), e);
    }
    return new LoadedModel(backend, model, info, precision);
  }

  /**
   * The same for pictures of another size than the model was trained for.
   *
   * @param size side in pixels; 0 for the model's own
   */
  public static LoadedModel load(Backend backend, Path where, Precision precision, int size)
      throws IOException {
    LoadedModel m = load(backend, where, precision);
    if (size != 0) {
      ModelInfo i = m.info;
      m.info = new ModelInfo(i.model(), i.classes(), i.preprocessing().atSize(size));
    }
    return m;
  }

  /** A model with fresh random weights, for measuring how fast one answers. */
  public static LoadedModel untrained(
      Backend backend, ModelInfo info, Precision precision, long seed) {
    Network model = info.model().create(backend, new SplittableRandom(seed));
    return new LoadedModel(backend, model, info, precision);
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

  /** The network, or null for a quantised one. */
  public Network model() {
    return model;
  }

  /** The quantised network, or null. */
  public Int8Graph int8() {
    return int8Graph;
  }

  /** Which implementation runs each layer of a quantised network. */
  public Map<String, String> int8Implementations() {
    return int8.implementations();
  }

  /**
   * Logits of a batch.
   *
   * @param pixels u8 in N, H, W, C order
   * @return F32 [n, classes]
   */
  public HostTensor logits(MemorySegment pixels, int n, int height, int width, int channels) {
    Normalization norm = info.preprocessing().normalization();
    if (int8 != null) {
      return int8.run(pixels, n, height, width, norm.mean(), norm.std());
    }
    InferenceStep step = step(Shape.of(n, channels, height, width));
    backend.memory().normalizePixelsInPlace(pixels, norm.mean(), norm.std(), step.images());
    return step.run();
  }

  /**
   * Logits of a batch that is on the device already.
   *
   * @param x F32 [N, C, H, W], normalised; the reference is taken over
   * @return F32 [N, classes]
   */
  public HostTensor logits(Tensor x) {
    try (x) {
      if (int8 != null) {
        return int8.run(x);
      }
      InferenceStep step = step(x.shape());
      backend.memory().copyInPlace(x, step.images());
      return step.run();
    }
  }

  /**
   * The place of a batch of this shape on the device: who fills its images may run it any number of
   * times. Closed by this model, at the latest when {@value #STEPS} other shapes came after it.
   */
  public InferenceStep step(Shape images) {
    InferenceStep step = steps.get(images);
    if (step == null) {
      step = new InferenceStep(backend, model, images, precision);
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
    if (int8 != null) {
      int8.close();
    } else {
      model.close();
    }
  }
}
