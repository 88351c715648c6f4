package engine.train;

import engine.console.Units;
import engine.optim.schedule.CosineAnnealingLR;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;
import engine.recipe.Recipe;
import java.util.List;

/** The learning rate of each batch of a run, by its recipe's schedule. */
final class LearningRate {
  private final Recipe recipe;
  private final int batches;
  private final LrSchedule schedule;

  /**
   * @param batches of an epoch
   */
  LearningRate(Recipe recipe, int batches) {
    this.recipe = recipe;
    this.batches = batches;
    schedule = OptimizerFactory.schedule(recipe, batches);
  }

  /** Steps of the optimiser before batch {@code done} of an epoch. */
  long steps(int epoch, int done) {
    return (long) epoch * OptimizerFactory.steps(recipe, batches)
        + done / recipe.schedule().accumulate();
  }

  /** The rate at batch {@code done} of an epoch. */
  double at(int epoch, int done) {
    return schedule.lr(recipe.schedule().perStep() ? steps(epoch, done) : epoch);
  }

  /** What may surprise a reader of the log; empty if nothing does. */
  String surprise() {
    List<Integer> extended = recipe.schedule().extended();
    if (!extended.isEmpty()) {
      int from = extended.getLast();
      int to = recipe.schedule().epochs();
      return "%s added: %s"
          .formatted(
              to == from + 1
                  ? "epoch %d was".formatted(to)
                  : "epochs %d to %d were".formatted(from + 1, to),
              Schedules.spansTheRun(recipe.schedule().scheduler())
                  ? "their rate falls along a cosine from %s to 0, the schedule's own span stays as it was"
                      .formatted(Units.learningRate(at(from, 0)))
                  : "the schedule goes on by its formula, from a rate of %s"
                      .formatted(Units.learningRate(at(from, 0))));
    }
    return schedule instanceof CosineAnnealingLR c && recipe.schedule().epochs() > c.tMax() + 1
        ? "the learning rate is least in epoch %d and rises again after it: cosine's t_max is %d, and there are %d epochs"
            .formatted(c.tMax() + 1, c.tMax(), recipe.schedule().epochs())
        : "";
  }
}
