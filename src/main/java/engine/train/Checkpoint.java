package engine.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import engine.backend.Backend;
import engine.base.UserError;
import engine.model.ResNet;
import engine.nn.StateMismatchException;
import engine.optim.Optimizer;
import engine.weights.AtomicFiles;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A checkpoint folder: {@code model.safetensors} (torchvision's names, row-major fp32), {@code
 * optimizer.safetensors} and {@code state.json}. It is written under another name, flushed to disk
 * and renamed, so a reader never sees half of one.
 */
final class Checkpoint {
  static final String MODEL = "model.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String STATE = "state.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private Checkpoint() {}

  /**
   * Where a run stands. Data order and random numbers follow from the seed and these counts.
   *
   * @param epoch the epoch to go on with, counted from 0
   * @param batchInEpoch batches of it that are done
   * @param step batches since the run began
   * @param lossSum of those batches, each times its size
   * @param images in those batches
   * @param bestAccuracy of a validation so far, -1 before the first
   * @param bestEpoch counted from 0, -1 before the first
   * @param seconds trained so far
   */
  record State(
      int epoch,
      int batchInEpoch,
      long step,
      double lossSum,
      long images,
      double bestAccuracy,
      int bestEpoch,
      double seconds) {
    static State start() {
      return new State(0, 0, 0, 0, 0, -1, -1, 0);
    }
  }

  /** Writes a checkpoint; returns its folder. */
  static Path save(
      RunFolder run,
      String name,
      Backend backend,
      ResNet model,
      ModelInfo info,
      Optimizer optimizer,
      State state)
      throws IOException {
    Path target = run.checkpoints().resolve(name);
    Path temp = run.checkpoints().resolve("." + name + ".part");
    if (Files.exists(temp)) {
      RunFolder.delete(temp);
    }
    Files.createDirectories(temp);
    try {
      SafeTensors.write(temp.resolve(MODEL), model.stateDict(backend), info.toMetadata());
      SafeTensors.write(temp.resolve(OPTIMIZER), optimizer.stateDict(), Map.of("format", "pt"));
      AtomicFiles.writeString(temp.resolve(STATE), GSON.toJson(state) + "\n");
      if (Files.exists(target)) {
        RunFolder.delete(target);
      }
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      RunFolder.delete(temp);
      throw e;
    }
    return target;
  }

  static State load(Path folder, Backend backend, ResNet model, Optimizer optimizer)
      throws IOException {
    try {
      model.loadStateDict(backend, SafeTensors.read(folder.resolve(MODEL)).tensors());
      optimizer.loadState(SafeTensors.read(folder.resolve(OPTIMIZER)).tensors());
      return GSON.fromJson(Files.readString(folder.resolve(STATE)), State.class);
    } catch (StateMismatchException e) {
      throw new UserError(folder + ": " + e.getMessage(), e);
    } catch (JsonParseException e) {
      throw new UserError(folder + " is damaged: start a new run", e);
    }
  }
}
