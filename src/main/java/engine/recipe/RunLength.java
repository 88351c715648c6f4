package engine.recipe;

import engine.base.Setting;
import java.util.List;

/**
 * How long a run is.
 *
 * @param epochs that it has
 * @param patience epochs without a better validation accuracy before it stops; 0 to never stop
 *     early
 * @param extended lengths, in epochs, that it had before more were added to it, ascending; the
 *     first is the span of the scheduler, and from each on a segment of its own begins
 * @param budget the time it has, and what was planned in it
 */
public record RunLength(int epochs, int patience, List<Integer> extended, Budget budget) {
  public RunLength {
    extended = extended == null ? List.of() : List.copyOf(extended);
    budget = budget == null ? Budget.NONE : budget;
    RecipeChecks.that(epochs >= 1, Setting.EPOCHS + " must be at least 1, not " + epochs);
    RecipeChecks.that(patience >= 0, Setting.PATIENCE + " must be 0 or more, not " + patience);
    for (int i = 0; i < extended.size(); i++) {
      int next = i + 1 < extended.size() ? extended.get(i + 1) : epochs;
      RecipeChecks.that(
          extended.get(i) >= 1 && extended.get(i) < next,
          "%s must be lengths that rise from 1 or more to less than %s, not %s"
              .formatted(Setting.EXTENDED, Setting.EPOCHS, extended));
    }
    Timetable plan = budget.plan();
    RecipeChecks.that(
        plan == null || plan.epochs() == epochs && extended.isEmpty(),
        "%s has %d epochs, and %s says %d"
            .formatted(
                Setting.TIMETABLE, plan == null ? 0 : plan.epochs(), Setting.EPOCHS, epochs));
  }

  /** So many epochs, to the end. */
  static RunLength of(int epochs) {
    return new RunLength(epochs, 0, List.of(), Budget.NONE);
  }
}
