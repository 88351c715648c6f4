package engine.run;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.base.JsonText;
import engine.base.UserError;
import engine.model.Network;
import engine.nn.StateMismatchException;
import engine.optim.LossScaler;
import engine.optim.Optimizer;
import engine.quant.QuantizerSet;
import engine.tensor.HostTensor;
import engine.weights.AtomicFiles;
import engine.weights.FiniteCheck;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint folder: {@code model.safetensors} (torchvision's names, row-major fp32), {@code
 * optimizer.safetensors}, {@code state.json}, where weights are averaged {@code ema.safetensors}, a
 * model too, where the loss is scaled {@code scaler.safetensors}, and where layers are rounded
 * {@code quantizers.safetensors}, their ranges. Nothing in it depends on the precision that the run
 * computes in. It is written under another name, flushed to disk and renamed, so a reader never
 * sees half of one; each file carries a checksum, and {@code state.json} those of all others, so a
 * damaged one or one of another checkpoint is refused rather than trained on.
 */
public final class Checkpoint {
  public static final String MODEL = "model.safetensors";
  private static final String EMA = "ema.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String SCALER = "scaler.safetensors";
  private static final String QUANTIZERS = "quantizers.safetensors";
  private static final String STATE = "state.json";

  /** All that may be in a checkpoint. */
  private static final Set<String> FILES = Set.of(MODEL, EMA, OPTIMIZER, SCALER, QUANTIZERS, STATE);

  private Checkpoint() {}

  /**
   * The model of a checkpoint that answers: the average of weights where there is one.
   *
   * @throws UserError if it is not the file that the checkpoint was saved with
   */
  static Path answering(Path folder) throws IOException {
    JsonObject state = stateOrNull(folder);
    if (state == null || !state.has(CheckpointFiles.KEY)) {
      Path average = folder.resolve(EMA);
      return Files.isRegularFile(average) ? average : folder.resolve(MODEL);
    }
    JsonObject listed = state.getAsJsonObject(CheckpointFiles.KEY);
    String name = listed.has(EMA) ? EMA : MODEL;
    Path file = folder.resolve(name);
    try {
      CheckpointFiles.requireMarked(file, listed.getAsJsonObject(name));
    } catch (UserError e) {
      throw new UserError(
          e.getMessage() + "; put that one back, or give a model file by its own name", e);
    }
    return file;
  }

  /** What a checkpoint's state.json says, or null without one, or where it is damaged. */
  private static JsonObject stateOrNull(Path folder) throws IOException {
    Path state = folder.resolve(STATE);
    try {
      return Files.isRegularFile(state) ? readState(state) : null;
    } catch (UserError e) {
      return null; // it is needed to go on training, not to answer
    }
  }

  private static JsonObject readState(Path state) throws IOException {
    return TrainingState.parse(JsonText.read(state), state.toString());
  }

  /** Names of the files that a checkpoint lists as its own; none where it cannot be read. */
  static Set<String> listed(Path folder) throws IOException {
    JsonObject state = stateOrNull(folder);
    return state == null || !state.has(CheckpointFiles.KEY)
        ? Set.of()
        : state.getAsJsonObject(CheckpointFiles.KEY).keySet();
  }

  /** How far a checkpoint is, or null if it is none. */
  public static TrainingState stateOf(Path folder) throws IOException {
    JsonObject state = stateOrNull(folder);
    try {
      return state == null ? null : TrainingState.of(state, folder.toString());
    } catch (UserError e) {
      return null;
    }
  }

  /** Whether a checkpoint has all its files as they were saved. */
  public static boolean isWhole(Path folder) throws IOException {
    JsonObject state = stateOrNull(folder);
    try {
      if (state != null) {
        CheckpointFiles.require(folder, state);
      }
    } catch (UserError e) {
      return false;
    }
    return state != null
        && Files.isRegularFile(folder.resolve(MODEL))
        && Files.isRegularFile(folder.resolve(OPTIMIZER));
  }

  /** Removes a checkpoint, or what is left of one, but no file that no run wrote. */
  public static void delete(Path folder) throws IOException {
    CheckpointFiles.delete(folder, FILES);
  }

  /**
   * What a checkpoint keeps of a training.
   *
   * @param average of the model's weights, or null
   * @param scaler of the loss, or null where it is not scaled
   * @param quantizers of the layers, or null where they are not rounded
   */
  public record Parts(
      Network model,
      ModelAverage average,
      Optimizer optimizer,
      LossScaler scaler,
      QuantizerSet quantizers) {}

  /**
   * Writes a checkpoint; returns its folder. One of that name which the run points to holds the
   * same already, since a name says how far the run is, and stays.
   *
   * @param info what the model is
   */
  public static Path save(
      RunFolder run, String name, Backend backend, ModelInfo info, Parts p, TrainingState state)
      throws IOException {
    Path target = run.checkpoints().resolve(name);
    if (run.pointsTo(target)) {
      return target;
    }
    Path temp = run.checkpoints().resolve("." + name + ".part");
    delete(temp);
    delete(target); // complete, but the run was killed before it pointed there
    try {
      Files.createDirectories(temp);
      SafeTensors.write(temp.resolve(MODEL), p.model().stateDict(backend), info.toMetadata());
      if (p.average() != null) {
        SafeTensors.write(temp.resolve(EMA), p.average().stateDict(), info.toMetadata());
      }
      SafeTensors.write(temp.resolve(OPTIMIZER), p.optimizer().stateDict(), Map.of("format", "pt"));
      if (p.scaler() != null) {
        SafeTensors.write(temp.resolve(SCALER), p.scaler().stateDict(), Map.of("format", "pt"));
      }
      if (p.quantizers() != null) {
        SafeTensors.write(
            temp.resolve(QUANTIZERS), p.quantizers().stateDict(), Map.of("format", "pt"));
      }
      AtomicFiles.writeString(temp.resolve(STATE), state.toJson(CheckpointFiles.marks(temp)));
      CheckpointFiles.publish(temp, target, STATE);
      AtomicFiles.fsyncFolder(run.checkpoints());
    } catch (IOException e) {
      delete(temp);
      throw e;
    }
    return target;
  }

  /**
   * Overwrites the model, its average and the optimiser with what was saved.
   *
   * @param p of which the scaler starts anew if the run that saved had none, and no quantizer was
   *     used yet
   * @throws UserError or IOException in one sentence, if a file is missing, damaged or of another
   *     model
   */
  public static TrainingState load(Path folder, Backend backend, Parts p) throws IOException {
    Path state = folder.resolve(STATE);
    try {
      JsonObject json = readState(state);
      CheckpointFiles.require(folder, json);
      TrainingState s = TrainingState.of(json, state.toString());
      p.model().loadStateDict(backend, read(folder.resolve(MODEL)));
      if (p.average() != null) {
        p.average().loadState(read(folder.resolve(EMA)));
      }
      p.optimizer().loadState(read(folder.resolve(OPTIMIZER)));
      Path scale = folder.resolve(SCALER);
      if (p.scaler() != null && Files.exists(scale)) {
        p.scaler().loadState(read(scale));
      }
      if (p.quantizers() != null) {
        p.quantizers().loadState(read(folder.resolve(QUANTIZERS)));
      }
      return s;
    } catch (NoSuchFileException e) {
      throw new UserError(e.getFile() + " is missing", e);
    } catch (StateMismatchException e) {
      throw new UserError(folder.resolve(MODEL) + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, HostTensor> read(Path file) throws IOException {
    Map<String, HostTensor> tensors = SafeTensors.read(file).tensors();
    FiniteCheck.require(file.toString(), tensors, "its training diverged, or the file was changed");
    return tensors;
  }
}
