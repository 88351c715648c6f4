package engine.infer;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.base.UserError;
import engine.model.Network;
import engine.nn.StateMismatchException;
import engine.quant.Int8File;
import engine.recipe.Precision;
import engine.run.CheckpointFinder;
import engine.run.ModelFile;
import engine.run.ModelInfo;
import engine.run.NotFiniteException;
import engine.tensor.HostTensor;
import engine.tensor.Magnitude;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.weights.FiniteCheck;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A trained model ready to answer, with its classes and preprocessing. */
public abstract sealed class LoadedModel implements AutoCloseable permits FloatModel, Int8Model {
  private static final String ADVICE =
      "take a checkpoint from before its training diverged, or a whole copy of the file";

  private final ModelInfo info;
  private final String name;

  /**
   * @param name for people
   */
  LoadedModel(ModelInfo info, String name) {
    this.info = info;
    this.name = name;
  }

  /**
   * Loads a checkpoint.
   *
   * @param where a run folder (its best checkpoint), a checkpoint folder, or a {@code
   *     model.safetensors}
   * @param precision to compute in; a quantised model computes in bytes whatever is asked
   */
  public static LoadedModel load(Backend backend, Path where, Precision precision)
      throws IOException {
    return load(backend, where, precision, 0);
  }

  /**
   * The same for pictures of another size than the model was trained for.
   *
   * @param size side in pixels; 0 for the model's own
   */
  public static LoadedModel load(Backend backend, Path where, Precision precision, int size)
      throws IOException {
    return load(backend, ModelFile.read(where, ModelFile.Said.NOTHING), precision, size);
  }

  /** The same of a file that was read already. */
  public static LoadedModel load(Backend backend, ModelFile read, Precision precision, int size) {
    Path file = read.path();
    ModelInfo info = read.info();
    Map<String, HostTensor> tensors = read.tensors(backend);
    if (size != 0) {
      info = new ModelInfo(info.model(), info.classes(), info.preprocessing().atSize(size));
    }
    if (read.isInt8()) {
      FiniteCheck.require(file.toString(), tensors, ADVICE);
      String network = read.contents().metadata().get(Int8File.KEY);
      Int8Graph graph = Int8File.read(tensors, network, file.toString());
      requireFits(graph, info, file);
      return new Int8Model(backend, graph, info, file.toString());
    }
    // Beside the rest of the start, of which it would be a tenth.
    var check = new FutureTask<>(() -> FiniteCheck.require(file.toString(), tensors, ADVICE));
    Thread.ofPlatform().daemon().name("weights-check").start(check);
    Network network = fill(backend, info, tensors, file);
    try {
      double largest = largest(result(check));
      return new FloatModel(backend, network, info, precision, file.toString(), largest);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Walks an int8 network once by shapes alone. */
  private static void requireFits(Int8Graph graph, ModelInfo info, Path file) {
    int side = Math.max(info.preprocessing().crop(), info.preprocessing().resize());
    Shape images =
        Shape.of(1, info.preprocessing().channels(), side == 0 ? 64 : side, side == 0 ? 64 : side);
    try {
      Shape logits = graph.outputShape(images);
      if (!logits.equals(Shape.of(1, info.classes().size()))) {
        throw new IllegalArgumentException(
            "it gives %s for %d classes".formatted(logits, info.classes().size()));
      }
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s is damaged, its layers do not fit each other (%s): quantise again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Map<String, Float> result(FutureTask<Map<String, Float>> check) {
    try {
      return check.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted while the weights were checked", e);
    }
  }

  /** Large variances make folded weights smaller. */
  private static double largest(Map<String, Float> tensors) {
    return tensors.entrySet().stream()
        .filter(e -> !e.getKey().endsWith("running_var"))
        .mapToDouble(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  /**
   * The network that an fp32 checkpoint holds; the caller closes it.
   *
   * @throws UserError if the weights do not fit, or are not finite
   */
  public static Network network(
      Backend backend, ModelInfo info, Map<String, HostTensor> tensors, Path file) {
    FiniteCheck.require(file.toString(), tensors, ADVICE);
    return fill(backend, info, tensors, file);
  }

  private static Network fill(
      Backend backend, ModelInfo info, Map<String, HostTensor> tensors, Path file) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    tensors.forEach((name, t) -> shapes.put(name, t.shape()));
    info.requireEnds(shapes, file.toString());
    Network network = info.model().create(backend, null);
    try {
      network.loadStateDict(backend, tensors);
      return network;
    } catch (StateMismatchException e) {
      network.close();
      throw new UserError(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The model file that a path means: the file itself, or that of a run folder, a checkpoint folder
   * or a folder with one of those in it.
   *
   * @throws UserError if there is none, or if there are several to choose from
   */
  public static Path find(Path where) throws IOException {
    return CheckpointFinder.find(where);
  }

  public final ModelInfo info() {
    return info;
  }

  /** What a user should know of how this model runs here, as a sentence; empty for nothing. */
  public Optional<String> notice() {
    return Optional.empty();
  }

  /**
   * Logits of a batch.
   *
   * @param pixels u8 in N, H, W, C order
   * @return F32 [n, classes]
   * @throws UserError if they are not finite
   */
  public final HostTensor logits(MemorySegment pixels, int n, int height, int width, int channels) {
    return finite(compute(pixels, n, height, width, channels));
  }

  /**
   * Logits of a batch that is on the device already.
   *
   * @param x F32 [N, C, H, W], normalised; the reference is taken over
   * @return F32 [N, classes]
   * @throws UserError if they are not finite
   */
  public final HostTensor logits(Tensor x) {
    return finite(compute(x));
  }

  /** As {@link #logits}, whatever they are. */
  abstract HostTensor compute(MemorySegment pixels, int n, int height, int width, int channels);

  abstract HostTensor compute(Tensor x);

  private HostTensor finite(HostTensor logits) {
    float most = Magnitude.of(logits);
    if (!Float.isFinite(most)) {
      throw new NotFiniteException(
          "%s cannot answer: it gives %s for a picture; %s"
              .formatted(name, Float.isNaN(most) ? "NaN" : "infinity", ADVICE));
    }
    return logits;
  }

  @Override
  public abstract void close();
}
