package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.base.UserError;
import engine.run.Checkpoint;
import engine.run.DataFingerprint;
import engine.run.RunFolder;
import engine.run.TrainingListener;
import engine.run.TrainingState;
import engine.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Goes on with a run, from the files that a kill at any moment leaves.
 *
 * <p>An epoch's end is written in this order: its line in {@code metrics.jsonl}; the checkpoint,
 * under another name, then renamed; {@code last}; {@code best}. A kill in between leaves a line
 * without a checkpoint, which the log drops on resuming; a checkpoint that nothing points to, which
 * the next of its name replaces; or a last checkpoint that {@code best} does not name yet, though
 * its state says that it is the best.
 *
 * @param anew how to begin again, where it cannot go on
 */
record Resume(RunFolder run, String anew, TrainingListener listener) {

  /**
   * Loads the last checkpoint.
   *
   * @param data the run's data as it is found now
   * @return null if there is no checkpoint yet
   * @throws UserError if the checkpoint is damaged, of another model, or was made with other data
   */
  TrainingState load(Backend backend, Checkpoint.Parts parts, DataFingerprint data)
      throws IOException {
    Path from = run.resumable(listener::message);
    if (from == null) {
      listener.message("no checkpoint yet in " + run.root() + ": starting from the beginning");
      return null;
    }
    TrainingState state = read(from, backend, parts);
    state.data().require(data, anew);
    run.setLast(from);
    if (state.batchInEpoch() == 0 && state.bestEpoch() == state.epoch() - 1) {
      run.setBest(from);
      return state;
    }
    return run.bestOrNull() == null ? withBest(state, from) : state;
  }

  /** Nothing names the best checkpoint, or it is gone. */
  private TrainingState withBest(TrainingState state, Path from) throws IOException {
    if (state.bestEpoch() < 0) {
      return state;
    }
    Path best = run.checkpoint(state.bestEpoch());
    if (Checkpoint.isWhole(best)) {
      run.setBest(best);
      return state;
    }
    listener.message(
        "warning: the best checkpoint, of epoch %d, is gone: the best of those that follow takes its place"
            .formatted(state.bestEpoch() + 1));
    run.setBest(from);
    return state.withoutBest();
  }

  private TrainingState read(Path from, Backend backend, Checkpoint.Parts parts)
      throws IOException {
    try {
      return Checkpoint.load(from, backend, parts);
    } catch (UserError | WeightsException e) {
      throw new UserError(
          "the last checkpoint cannot be used: " + e.getMessage() + "; " + advice(from), e);
    }
  }

  private String advice(Path damaged) throws IOException {
    Path other = run.newestWhole(damaged);
    return other == null
        ? "start a new run with " + Setting.OUT
        : "delete "
            + damaged
            + " to go on from "
            + other.getFileName()
            + ", which ends in the same result";
  }
}
