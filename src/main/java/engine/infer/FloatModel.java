package engine.infer;

import engine.backend.Backend;
import engine.model.Network;
import engine.picture.Normalization;
import engine.recipe.Precision;
import engine.run.ModelInfo;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A model that computes in fp32 or half precision: a network, and a plan for each shape. */
public final class FloatModel extends LoadedModel {
  private static final System.Logger LOG = System.getLogger(FloatModel.class.getName());
  private static final int STEPS = 4;

  private final Backend backend;
  private final Network network;
  private final Precision precision;
  private ActivationCheck check;
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

  /**
   * @param network taken over
   * @param name of the network, for people
   * @param weights the largest absolute value of its parameters; 0 if that is not known
   */
  public FloatModel(
      Backend backend,
      Network network,
      ModelInfo info,
      Precision precision,
      String name,
      double weights) {
    super(info, name);
    this.backend = backend;
    this.network = network;
    this.precision = precision;
    this.check = new ActivationCheck(backend, network, name, weights);
    network.foldNorms(backend);
  }

  /** A model with fresh random weights, for measuring how fast one answers. */
  public static FloatModel untrained(
      Backend backend, ModelInfo info, Precision precision, long seed) {
    Network network = info.model().create(backend, new SplittableRandom(seed));
    return new FloatModel(backend, network, info, precision, "the untrained network", 0);
  }

  /** Still this model's. */
  public Network network() {
    return network;
  }

  @Override
  HostTensor compute(MemorySegment pixels, int n, int height, int width, int channels) {
    Normalization norm = info().preprocessing().normalization();
    InferenceStep step = step(Shape.of(n, channels, height, width));
    backend.memory().normalizePixelsInPlace(pixels, norm, step.images());
    return step.run();
  }

  @Override
  HostTensor compute(Tensor x) {
    try (x) {
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
      step = new InferenceStep(backend, network, images, precision, check);
      check = null; // one batch tells
      steps.put(images, step);
      LOG.log(Level.DEBUG, "a plan for images of shape {0}", images);
    }
    return step;
  }

  private void closeSteps() {
    steps.values().forEach(InferenceStep::close);
    steps.clear();
  }

  /** Gives the network back to training: what was folded for inference is freed. */
  public void release() {
    closeSteps();
    network.unfoldNorms();
  }

  @Override
  public void close() {
    closeSteps();
    network.close();
  }
}
