package engine.train;

import engine.console.Units;
import engine.recipe.Recipe;
import engine.recipe.Timetable;
import engine.run.RunFolder;
import engine.run.TrainingListener;
import engine.run.TrainingState;
import engine.train.budget.BudgetWatch;
import engine.weights.AtomicFiles;
import java.io.IOException;

/**
 * Keeps a run within its time. What the clock made necessary is written to {@code config.json}
 * before a step goes by it, so that the run goes on, and can be repeated, by that file alone.
 */
final class TimeKeeper {
  /** By which share a run must become longer or shorter for a line of its own. */
  private static final double SAID = 0.1;

  private final BudgetWatch watch;
  private final Course course;
  private final RunFolder run;
  private final TrainingListener listener;
  private long said;
  private long judging;
  private long began;

  /**
   * @param watch null for a run that no clock bounds
   */
  TimeKeeper(BudgetWatch watch, Course course, RunFolder run, TrainingListener listener) {
    this.watch = watch;
    this.course = course;
    this.run = run;
    this.listener = listener;
  }

  /** Of a run that goes on: what it has spent counts. */
  void resumed(TrainingState state) {
    if (watch != null) {
      watch.clock().add(state.seconds());
    }
  }

  /** A batch is asked for. */
  void begin() {
    began = System.nanoTime();
  }

  /** It is done; the rest of the run is made to fit where it does not. */
  void stepped(int epoch, int done, boolean stepOfOptimizer) throws IOException {
    if (watch == null) {
      return;
    }
    long now = System.nanoTime();
    watch.stepped(course.side(epoch), course.isOfHead(epoch, done - 1), (now - began) / 1e9);
    Timetable plan = course.plan();
    if (!stepOfOptimizer || done >= course.batches(epoch)) {
      return;
    }
    Timetable other = watch.revised(plan, epoch, done);
    if (other == null) {
      return;
    }
    Recipe r = course.recipe();
    r = r.with(r.schedule().planned(other));
    AtomicFiles.writeString(run.config(), r.toJson());
    course.follow(r);
    say(plan, other, plan.batchesBefore(epoch) + done);
  }

  /** Small corrections come often; {@code config.json} has them all. */
  private void say(Timetable before, Timetable now, long step) {
    String line =
        "%s: %s become %,d from step %,d on, and the schedule ends with them"
            .formatted(pace(watch.drift()), Units.count(before.steps(), "step"), now.steps(), step);
    long last = said == 0 ? before.planned() : said;
    if (Math.abs(now.steps() - last) > SAID * last) {
      said = now.steps();
      listener.message(line);
    } else {
      listener.debug(line);
    }
  }

  private static String pace(double drift) {
    return Math.abs(drift - 1) < 0.01
        ? "validations take other than measured"
        : "a step takes %s of what was measured".formatted(Units.percent(drift));
  }

  /** Training pauses, to judge and to save. */
  void judging() {
    judging = System.nanoTime();
  }

  void judged() {
    if (watch != null) {
      watch.judged((System.nanoTime() - judging) / 1e9);
    }
  }

  /** A state to save: with all that the run has spent, where that counts. */
  TrainingState saved(TrainingState state) {
    return watch == null ? state : state.withSeconds(watch.clock().spent());
  }
}
