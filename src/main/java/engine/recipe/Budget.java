package engine.recipe;

import engine.base.Setting;
import java.util.List;

/**
 * Time in place of epochs: how long a run may take, and what was made of it. The time is for the
 * one who plans; a run with a timetable goes by the timetable and by no clock, so that repeating it
 * gives the same bits.
 *
 * @param minutes of the whole command; 0 for a run that its epochs bound
 * @param timetable the run's epochs, see {@link Timetable}; empty before they are planned
 * @param retimed where on the way the plan was changed, as {@code STEP:STEPS}
 */
public record Budget(double minutes, List<String> timetable, List<String> retimed) {
  public static final Budget NONE = new Budget(0, List.of(), List.of());

  /** A week: more is a slip of the fingers. */
  private static final double MOST = 7 * 24 * 60;

  public Budget {
    RecipeChecks.that(
        minutes >= 0 && minutes <= MOST,
        Setting.MINUTES + " must be above 0 and at most 10080, a week; not " + minutes);
    timetable = timetable == null ? List.of() : List.copyOf(timetable);
    retimed = retimed == null ? List.of() : List.copyOf(retimed);
    RecipeChecks.that(
        retimed.isEmpty() || !timetable.isEmpty(),
        Setting.RETIMED + " needs " + Setting.TIMETABLE + ": there is nothing to change");
    if (!timetable.isEmpty()) {
      var _ = Timetable.parse(timetable, retimed);
    }
  }

  /** Minutes that are to be planned. */
  public static Budget of(double minutes) {
    return new Budget(minutes, List.of(), List.of());
  }

  /** Whether there is time that nobody has planned yet. */
  public boolean isToBePlanned() {
    return minutes > 0 && timetable.isEmpty();
  }

  /** The run's epochs; null for a run whose epochs are passes over all pictures. */
  public Timetable plan() {
    return timetable.isEmpty() ? null : Timetable.parse(timetable, retimed);
  }

  /** The same time with a plan. */
  public Budget with(Timetable plan) {
    return new Budget(minutes, plan.lines(), plan.changes());
  }
}
