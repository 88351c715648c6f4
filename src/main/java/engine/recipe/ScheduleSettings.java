package engine.recipe;

import engine.base.Setting;
import engine.optim.schedule.Schedules;
import java.util.List;
import java.util.stream.Stream;

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
 * @param extended lengths, in epochs, that the run had before more were added to it, ascending; the
 *     first is the span of the scheduler, and from each on a segment of its own begins
 */
public record ScheduleSettings(
    int epochs,
    int batch,
    int accumulate,
    String scheduler,
    int patience,
    FineTuning fineTuning,
    List<Integer> extended) {
  public ScheduleSettings {
    fineTuning = fineTuning == null ? FineTuning.NONE : fineTuning;
    extended = extended == null ? List.of() : List.copyOf(extended);
    RecipeChecks.that(epochs >= 1, Setting.EPOCHS + " must be at least 1, not " + epochs);
    RecipeChecks.that(batch >= 1, Setting.BATCH + " must be at least 1, not " + batch);
    RecipeChecks.that(
        accumulate >= 1, Setting.ACCUMULATE + " must be at least 1, not " + accumulate);
    RecipeChecks.that(patience >= 0, Setting.PATIENCE + " must be 0 or more, not " + patience);
    RecipeChecks.that(scheduler != null, Setting.SCHEDULER + " is missing");
    for (int i = 0; i < extended.size(); i++) {
      int next = i + 1 < extended.size() ? extended.get(i + 1) : epochs;
      RecipeChecks.that(
          extended.get(i) >= 1 && extended.get(i) < next,
          "%s must be lengths that rise from 1 or more to less than %s, not %s"
              .formatted(Setting.EXTENDED, Setting.EPOCHS, extended));
    }
  }

  /** A cosine over all epochs, a step a batch, to the end. */
  public static ScheduleSettings of(int epochs, int batch) {
    return new ScheduleSettings(epochs, batch, 1, "cosine", 0, FineTuning.NONE, List.of());
  }

  /** Whether the rate moves every step rather than every epoch. */
  public boolean perStep() {
    return Schedules.perStep(scheduler);
  }

  /** Epochs that the scheduler spans: all, or those of before the run was extended. */
  public int span() {
    return extended.isEmpty() ? epochs : extended.getFirst();
  }

  /** The epoch, from 0, that began the segment which {@code epoch} is in. */
  public int segmentOf(int epoch) {
    return extended.stream().filter(e -> e <= epoch).reduce(0, (_, e) -> e);
  }

  /** A run of another length, which the scheduler spans. */
  public ScheduleSettings withEpochs(int other) {
    return new ScheduleSettings(
        other, batch, accumulate, scheduler, patience, fineTuning, List.of());
  }

  /** The same run with more epochs added at its end. */
  public ScheduleSettings extendedTo(int more) {
    List<Integer> lengths = Stream.concat(extended.stream(), Stream.of(epochs)).toList();
    return new ScheduleSettings(more, batch, accumulate, scheduler, patience, fineTuning, lengths);
  }

  public ScheduleSettings withBatch(int other) {
    return new ScheduleSettings(
        epochs, other, accumulate, scheduler, patience, fineTuning, extended);
  }

  public ScheduleSettings withAccumulate(int other) {
    return new ScheduleSettings(epochs, batch, other, scheduler, patience, fineTuning, extended);
  }

  public ScheduleSettings withScheduler(String other) {
    return new ScheduleSettings(epochs, batch, accumulate, other, patience, fineTuning, extended);
  }

  public ScheduleSettings withPatience(int other) {
    return new ScheduleSettings(epochs, batch, accumulate, scheduler, other, fineTuning, extended);
  }

  public ScheduleSettings withFineTuning(FineTuning other) {
    return new ScheduleSettings(epochs, batch, accumulate, scheduler, patience, other, extended);
  }
}
