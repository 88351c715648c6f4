package engine.recipe;

import engine.base.Setting;
import engine.optim.schedule.Schedules;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long a run is, in which steps it goes, and what moves at which rate on the way.
 *
 * @param length of the run
 * @param batch pictures of a batch
 * @param accumulate batches whose gradients are averaged before a step
 * @param scheduler as {@code Schedules.parse} takes it
 * @param fineTuning what stays frozen, and until when
 */
public record ScheduleSettings(
    RunLength length, int batch, int accumulate, String scheduler, FineTuning fineTuning) {
  public ScheduleSettings {
    fineTuning = fineTuning == null ? FineTuning.NONE : fineTuning;
    RecipeChecks.that(batch >= 1, Setting.BATCH + " must be at least 1, not " + batch);
    RecipeChecks.that(
        accumulate >= 1, Setting.ACCUMULATE + " must be at least 1, not " + accumulate);
    RecipeChecks.that(scheduler != null, Setting.SCHEDULER + " is missing");
  }

  /** A cosine over all epochs, a step a batch, to the end. */
  public static ScheduleSettings of(int epochs, int batch) {
    return new ScheduleSettings(RunLength.of(epochs), batch, 1, "cosine", FineTuning.NONE);
  }

  public int epochs() {
    return length.epochs();
  }

  /** Epochs without a better validation accuracy before the run stops; 0 to never stop early. */
  public int patience() {
    return length.patience();
  }

  /** See {@link RunLength}. */
  public List<Integer> extended() {
    return length.extended();
  }

  public Budget budget() {
    return length.budget();
  }

  /**
   * Whether the rate moves every step rather than every epoch: where epochs have as many batches as
   * there is time for, a schedule over the whole run does.
   */
  public boolean perStep() {
    return Schedules.perStep(scheduler)
        || !budget().timetable().isEmpty() && Schedules.spansTheRun(scheduler);
  }

  /** Epochs that the scheduler spans: all, or those of before the run was extended. */
  public int span() {
    return extended().isEmpty() ? epochs() : extended().getFirst();
  }

  /** The epoch, from 0, that began the segment which {@code epoch} is in. */
  public int segmentOf(int epoch) {
    return extended().stream().filter(e -> e <= epoch).reduce(0, (_, e) -> e);
  }

  /** A run of another length, which the scheduler spans; no clock bounds it. */
  public ScheduleSettings withEpochs(int other) {
    return with(new RunLength(other, patience(), List.of(), Budget.NONE));
  }

  /** The same run with more epochs added at its end. */
  public ScheduleSettings extendedTo(int more) {
    List<Integer> lengths = Stream.concat(extended().stream(), Stream.of(epochs())).toList();
    return with(new RunLength(more, patience(), lengths, budget()));
  }

  /** The epochs of a plan, for the time there is. */
  public ScheduleSettings planned(Timetable plan) {
    return with(new RunLength(plan.epochs(), patience(), List.of(), budget().with(plan)));
  }

  public ScheduleSettings with(RunLength other) {
    return new ScheduleSettings(other, batch, accumulate, scheduler, fineTuning);
  }

  public ScheduleSettings withBatch(int other) {
    return new ScheduleSettings(length, other, accumulate, scheduler, fineTuning);
  }

  public ScheduleSettings withAccumulate(int other) {
    return new ScheduleSettings(length, batch, other, scheduler, fineTuning);
  }

  public ScheduleSettings withScheduler(String other) {
    return new ScheduleSettings(length, batch, accumulate, other, fineTuning);
  }

  public ScheduleSettings withPatience(int other) {
    return with(new RunLength(epochs(), other, extended(), budget()));
  }

  public ScheduleSettings withFineTuning(FineTuning other) {
    return new ScheduleSettings(length, batch, accumulate, scheduler, other);
  }
}
