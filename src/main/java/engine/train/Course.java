package engine.train;

import engine.console.Units;
import engine.optim.schedule.CosineAnnealingLR;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;
import engine.recipe.Recipe;
import engine.recipe.Timetable;
import java.util.List;

/**
 * The course of a run: how many batches each epoch has, of pictures of which size, and at which
 * rate weights move in each. An epoch ends where a validation comes; it is a pass over all pictures
 * unless the recipe has a {@link Timetable}, whose epochs cut one stream of passes anywhere.
 */
final class Course {
  private final int pass;
  private Recipe recipe;
  private Timetable plan;
  private LrSchedule schedule;
  private boolean perStep;

  /**
   * @param pass batches of a pass over all pictures
   */
  Course(Recipe recipe, int pass) {
    this.pass = pass;
    follow(recipe);
  }

  /** Goes on by another recipe, which is the same up to the batch under way. */
  void follow(Recipe other) {
    recipe = other;
    plan = other.schedule().budget().plan();
    perStep = other.schedule().perStep();
    schedule = OptimizerFactory.schedule(other, pass);
  }

  Recipe recipe() {
    return recipe;
  }

  /** Null where epochs are passes. */
  Timetable plan() {
    return plan;
  }

  int epochs() {
    return recipe.schedule().epochs();
  }

  /** Batches of an epoch, from 0. */
  int batches(int epoch) {
    return plan == null ? pass : plan.at(epoch).batches();
  }

  /** Side of the pictures of an epoch. */
  int side(int epoch) {
    return plan == null ? recipe.augment().imageSize() : plan.at(epoch).side();
  }

  /** Batches of the run before batch {@code done} of an epoch. */
  long before(int epoch, int done) {
    return (plan == null ? (long) epoch * pass : plan.batchesBefore(epoch)) + done;
  }

  /** The pass over all pictures, from 0, that a batch is in. */
  int passOf(int epoch, int done) {
    return plan == null ? epoch : (int) (before(epoch, done) / pass);
  }

  /** Batches of that pass before this one. */
  int skipped(int epoch, int done) {
    return plan == null ? done : (int) (before(epoch, done) % pass);
  }

  /** Whether the classifier alone is trained in the step that a batch belongs to. */
  boolean isOfHead(int epoch, int done) {
    int first = done - done % recipe.schedule().accumulate();
    return before(epoch, first) < recipe.schedule().fineTuning().headBatches(pass);
  }

  /** Steps of the optimiser before batch {@code done} of an epoch. */
  long steps(int epoch, int done) {
    int accumulate = recipe.schedule().accumulate();
    return plan == null
        ? (long) epoch * OptimizerFactory.steps(recipe, pass) + done / accumulate
        : before(epoch, done) / accumulate;
  }

  /** The learning rate at batch {@code done} of an epoch. */
  double rate(int epoch, int done) {
    if (!perStep) {
      return schedule.lr(epoch);
    }
    if (plan == null) {
      return schedule.lr(steps(epoch, done));
    }
    int accumulate = recipe.schedule().accumulate();
    double at = plan.position(before(epoch, done - done % accumulate)) / accumulate;
    long whole = (long) at;
    double part = at - whole;
    double rate = schedule.lr(whole);
    return part == 0 ? rate : (1 - part) * rate + part * schedule.lr(whole + 1);
  }

  /** What may surprise a reader of the log; empty if nothing does. */
  String surprise() {
    List<Integer> extended = recipe.schedule().extended();
    if (!extended.isEmpty()) {
      int from = extended.getLast();
      int to = epochs();
      return "%s added: %s"
          .formatted(
              to == from + 1
                  ? "epoch %d was".formatted(to)
                  : "epochs %d to %d were".formatted(from + 1, to),
              Schedules.spansTheRun(recipe.schedule().scheduler())
                  ? "their rate falls along a cosine from %s to 0, the schedule's own span stays as it was"
                      .formatted(Units.learningRate(rate(from, 0)))
                  : "the schedule goes on by its formula, from a rate of %s"
                      .formatted(Units.learningRate(rate(from, 0))));
    }
    return !perStep && schedule instanceof CosineAnnealingLR c && epochs() > c.tMax() + 1
        ? "the learning rate is least in epoch %d and rises again after it: cosine's t_max is %d, and there are %d epochs"
            .formatted(c.tMax() + 1, c.tMax(), epochs())
        : "";
  }
}
