package engine.run;

import engine.base.Setting;
import engine.optim.schedule.Schedules;

/**
 * How long a run is, in which steps it goes, and what moves at which rate on the way.
 *
 * @param epochs length of the run
 * @param batch pictures of a batch
 * @param accumulate batches whose gradients are averaged before a step
 * @param scheduler as {@code Schedules.parse} takes it
 * @param patience epochs without a better validation accuracy before the run stops; 0 to never stop
 *     early
 * @param fineTuning what stays frozen, and until when
 */
public record ScheduleSettings(
    int epochs, int batch, int accumulate, String scheduler, int patience, FineTuning fineTuning) {
  public ScheduleSettings {
    fineTuning = fineTuning == null ? FineTuning.NONE : fineTuning;
    RecipeChecks.that(epochs >= 1, Setting.EPOCHS + " must be at least 1, not " + epochs);
    RecipeChecks.that(batch >= 1, Setting.BATCH + " must be at least 1, not " + batch);
    RecipeChecks.that(
        accumulate >= 1, Setting.ACCUMULATE + " must be at least 1, not " + accumulate);
    RecipeChecks.that(patience >= 0, Setting.PATIENCE + " must be 0 or more, not " + patience);
    RecipeChecks.that(scheduler != null, Setting.SCHEDULER + " is missing");
  }

  /** A cosine over all epochs, a step a batch, to the end. */
  public static ScheduleSettings of(int epochs, int batch) {
    return new ScheduleSettings(epochs, batch, 1, "cosine", 0, FineTuning.NONE);
  }

  /** Whether the rate moves every step rather than every epoch. */
  public boolean perStep() {
    return Schedules.perStep(scheduler);
  }

  public ScheduleSettings withEpochs(int other) {
    return new ScheduleSettings(other, batch, accumulate, scheduler, patience, fineTuning);
  }

  public ScheduleSettings withBatch(int other) {
    return new ScheduleSettings(epochs, other, accumulate, scheduler, patience, fineTuning);
  }

  public ScheduleSettings withAccumulate(int other) {
    return new ScheduleSettings(epochs, batch, other, scheduler, patience, fineTuning);
  }

  public ScheduleSettings withScheduler(String other) {
    return new ScheduleSettings(epochs, batch, accumulate, other, patience, fineTuning);
  }

  public ScheduleSettings withPatience(int other) {
    return new ScheduleSettings(epochs, batch, accumulate, scheduler, other, fineTuning);
  }

  public ScheduleSettings withFineTuning(FineTuning other) {
    return new ScheduleSettings(epochs, batch, accumulate, scheduler, patience, other);
  }
}
