package engine.train;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.base.UserError;
import engine.data.transform.Normalization;
import engine.model.Network;
import engine.nn.Init;
import engine.nn.StateMismatchException;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A trained model ready to answer, with its classes and preprocessing. */
public final class LoadedModel implements AutoCloseable {
  private final Backend backend;
  private final Network model;
  private final ModelInfo info;
  private final boolean half;

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

  /** A model with fresh random weights, for measuring how fast one answers. */
  public static LoadedModel untrained(Backend backend, ModelInfo info, boolean half, long seed) {
    Network model = info.model().create(backend, new SplittableRandom(seed));
    return new LoadedModel(backend, model, info, half);
  }

  /** The model file of a run folder, a checkpoint folder, or the file itself. */
  public static Path find(Path where) throws IOException {
    if (Files.isRegularFile(where)) {
      return where;
    }
    if (!Files.isDirectory(where)) {
      throw new UserError(
          "there is no checkpoint " + where + ": give a run folder such as runs/NAME");
    }
    if (Files.isRegularFile(where.resolve(Checkpoint.MODEL))) {
      return where.resolve(Checkpoint.MODEL);
    }
    RunFolder run = new RunFolder(where);
    Path best = run.best();
    if (best == null) {
      throw new UserError(where + " holds no finished checkpoint: train it for at least one epoch");
    }
    return best.resolve(Checkpoint.MODEL);
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
    Tensor x = backend.memory().empty(DType.F32, Shape.of(n, channels, height, width));
    backend.memory().normalizePixelsInPlace(pixels, norm.mean(), norm.std(), x);
    return logits(x);
  }

  /**
   * Logits of a batch that is on the device already.
   *
   * @param x F32 [N, C, H, W], normalised; the reference is taken over
   * @return F32 [N, classes]
   */
  public HostTensor logits(Tensor x) {
    try (Tape tape = Tape.inference(backend)) {
      Variable in = Precision.input(tape, tape.constant(x), half);
      return backend.memory().download(model.forward(tape, in).value());
    }
  }

  /** Gives the model back to training: what was folded for inference is freed. */
  void release() {
    model.unfoldNorms();
  }

  @Override
  public void close() {
    model.close();
  }
}
