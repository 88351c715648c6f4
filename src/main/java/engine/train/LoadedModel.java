package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import engine.model.Network;
import engine.nn.StateMismatchException;
import engine.quant.Int8File;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A trained model ready to answer, with its classes and preprocessing. */
public abstract sealed class LoadedModel implements AutoCloseable permits FloatModel, Int8Model {
  private final ModelInfo info;

  LoadedModel(ModelInfo info) {
    this.info = info;
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
    Path file = find(where);
    SafeTensors.Contents c = SafeTensors.read(file);
    ModelInfo info = ModelInfo.fromMetadata(c.metadata(), file.toString());
    if (size != 0) {
      info = new ModelInfo(info.model(), info.classes(), info.preprocessing().atSize(size));
    }
    if (c.metadata().containsKey(Int8File.KEY)) {
      String network = c.metadata().get(Int8File.KEY);
      return new Int8Model(backend, Int8File.read(c.tensors(), network, file.toString()), info);
    }
    return new FloatModel(backend, network(backend, info, c, file), info, precision);
  }

  /** The network that an fp32 checkpoint holds; the caller closes it. */
  static Network network(Backend backend, ModelInfo info, SafeTensors.Contents c, Path file) {
    Network network = info.model().create(backend, null);
    try {
      network.loadStateDict(backend, c.tensors());
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

  /**
   * Logits of a batch.
   *
   * @param pixels u8 in N, H, W, C order
   * @return F32 [n, classes]
   */
  public abstract HostTensor logits(
      MemorySegment pixels, int n, int height, int width, int channels);

  /**
   * Logits of a batch that is on the device already.
   *
   * @param x F32 [N, C, H, W], normalised; the reference is taken over
   * @return F32 [N, classes]
   */
  public abstract HostTensor logits(Tensor x);

  @Override
  public abstract void close();
}
