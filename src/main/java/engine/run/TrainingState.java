package engine.run;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.JsonFields;
import engine.base.JsonText;
import engine.base.SnakeCase;
import engine.base.UserError;
import engine.recipe.JsonSeal;
import engine.recipe.ScheduleSettings;

/**
 * Where a run stands: {@code state.json}. Data order and random numbers follow from the seed and
 * these counts.
 *
 * @param epoch the epoch to go on with, counted from 0
 * @param batchInEpoch batches of it that are done; always whole optimiser steps
 * @param step batches since the run began
 * @param lossSum of the epoch's batches, each times its size
 * @param images in those batches
 * @param bestAccuracy of a validation so far, -1 before the first
 * @param bestEpoch counted from 0, -1 before the first
 * @param seconds trained so far, in finished epochs; of a run with a budget all that its commands
 *     have taken
 * @param data what the run is trained on
 */
public record TrainingState(
    int epoch,
    int batchInEpoch,
    long step,
    double lossSum,
    long images,
    double bestAccuracy,
    int bestEpoch,
    double seconds,
    DataFingerprint data) {
  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .setPrettyPrinting()
          .create();

  public static TrainingState start(DataFingerprint data) {
    return new TrainingState(0, 0, 0, 0, 0, -1, -1, 0, data);
  }

  /** A batch whose step was skipped for an infinite loss counts as done, but not in the mean. */
  public TrainingState afterBatch(int size, float loss) {
    boolean counts = Float.isFinite(loss);
    return new TrainingState(
        epoch,
        batchInEpoch + 1,
        step + 1,
        counts ? lossSum + (double) loss * size : lossSum,
        counts ? images + size : images,
        bestAccuracy,
        bestEpoch,
        seconds,
        data);
  }

  /** Whether a validation of the epoch under way is the best so far. */
  public boolean isBest(double accuracy) {
    return accuracy > bestAccuracy;
  }

  public TrainingState afterEpoch(double accuracy, double epochSeconds) {
    return new TrainingState(
        epoch + 1,
        0,
        step,
        0,
        0,
        isBest(accuracy) ? accuracy : bestAccuracy,
        isBest(accuracy) ? epoch : bestEpoch,
        seconds + epochSeconds,
        data);
  }

  public TrainingState withSeconds(double other) {
    return new TrainingState(
        epoch, batchInEpoch, step, lossSum, images, bestAccuracy, bestEpoch, other, data);
  }

  /** The best checkpoint is gone: any epoch to come is better. */
  public TrainingState withoutBest() {
    return new TrainingState(
        epoch, batchInEpoch, step, lossSum, images, -1, bestEpoch, seconds, data);
  }

  /**
   * Whether the run ends early: as many epochs as its patience without a better accuracy, where
   * that is not 0. Where epochs were added, patience is new: the rate rises there.
   */
  public boolean isOutOfPatience(ScheduleSettings of) {
    int last = Math.max(bestEpoch, of.segmentOf(epoch) - 1);
    return of.patience() > 0 && epoch - 1 - last >= of.patience();
  }

  /**
   * @param files of the checkpoint, as {@link CheckpointFiles#marks} gives them
   */
  String toJson(JsonObject files) {
    JsonObject json = GSON.toJsonTree(this).getAsJsonObject();
    json.add(CheckpointFiles.KEY, files);
    return GSON.toJson(JsonSeal.put(json)) + "\n";
  }

  /**
   * The object in a {@code state.json}.
   *
   * @throws UserError if a field is missing, or anything differs from what {@link #toJson} wrote
   */
  public static JsonObject parse(String text, String where) {
    try {
      JsonObject json = JsonText.object(text);
      boolean complete = Boolean.TRUE.equals(JsonSeal.takeAndCheck(json));
      json = SnakeCase.keys(json);
      complete &=
          JsonFields.names(TrainingState.class).stream().map(SnakeCase::of).allMatch(json::has);
      if (complete) {
        return json;
      }
    } catch (JsonParseException e) {
      // said below
    }
    throw new UserError(where + " is damaged");
  }

  static TrainingState of(JsonObject json, String where) {
    try {
      return GSON.fromJson(json, TrainingState.class);
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new UserError(where + " is damaged", e);
    }
  }
}
