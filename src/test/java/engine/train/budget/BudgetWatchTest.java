package engine.train.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.recipe.Timetable;
import engine.recipe.Timetable.Stretch;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on a machine that is another than was measured, in a time that the test makes. */
final class BudgetWatchTest {
  private static final Pace PACE = new Pace(Map.of(96, 0.35, 128, 0.6), 0.8, 7, 0.4, 9);
  private static final double SECONDS = 600;

  private double now;

  private static Timetable plan() {
    BudgetPlanner p =
        new BudgetPlanner(PACE, 110, new BudgetPlanner.Given(128, false, 0, 0, false, true));
    return p.plan(SECONDS, SECONDS - 8, 128).timetable();
  }

  /** A run to its end; returns when that was. */
  private double run(Timetable start, long most, DoubleUnaryOperator slowness) {
    BudgetClock clock = new BudgetClock(SECONDS, 8, () -> (long) (now * 1e9));
    BudgetWatch watch = new BudgetWatch(clock, PACE, most);
    SplittableRandom noise = new SplittableRandom(1);
    Timetable t = start;
    int side = 0;
    for (int e = 0; e < t.epochs(); e++) {
      for (int done = 1; done <= t.at(e).batches(); done++) {
        double slow = slowness.applyAsDouble(now / SECONDS) * (1 + 0.1 * noise.nextDouble(-1, 1));
        double took = PACE.step(t.at(e).side()) * slow + (side == t.at(e).side() ? 0 : 0.8 * slow);
        side = t.at(e).side();
        now += took;
        watch.stepped(side, false, took);
        if (done < t.at(e).batches()) {
          Timetable other = watch.revised(t, e, done);
          if (other != null) {
            assertEquals(t.batchesBefore(e) + done, other.lastChange());
            t = other;
          }
        }
      }
      double judged = PACE.epoch() * slowness.applyAsDouble(now / SECONDS);
      now += judged;
      watch.judged(judged);
    }
    last = t;
    return 8 + now + PACE.finish() * slowness.applyAsDouble(1);
  }

  private Timetable last;

  private void assertInTime(double end) {
    assertTrue(Math.abs(end - SECONDS) <= 0.03 * SECONDS, end + " of " + SECONDS + ": " + last);
  }

  @Test
  void aMachineAsMeasuredKeepsThePlan() {
    Timetable plan = plan();

    assertInTime(run(plan, Long.MAX_VALUE, _ -> 1));
    assertTrue(Math.abs(last.steps() - plan.steps()) < 0.02 * plan.steps(), last.toString());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.4, 0.8, 1.1, 1.5, 3})
  void anotherPaceFromTheStartEndsInTime(double slowness) {
    Timetable plan = plan();

    assertInTime(run(plan, Long.MAX_VALUE, _ -> slowness));
    assertEquals(slowness > 1, last.steps() < plan.steps());
    assertEquals(plan.steps(), last.planned());
    assertEquals(128, last.at(last.epochs() - 1).side());
  }

  @Test
  void aNeighbourThatComesAndGoesIsMadeUpFor() {
    assertInTime(run(plan(), Long.MAX_VALUE, x -> x > 0.3 && x < 0.6 ? 2 : 1));
  }

  @Test
  void aNeighbourThatComesLateCutsTheRest() {
    assertInTime(run(plan(), Long.MAX_VALUE, x -> x > 0.8 ? 2.5 : 1));
  }

  @Test
  void changesAreFewWhereTheMachineIsAsMeasured() {
    run(plan(), Long.MAX_VALUE, _ -> 1);

    assertTrue(last.retimed().size() <= 4, last.retimed().toString());
  }

  @Test
  void aFasterMachineAddsNothingBeyondTheEpochsThatWereTyped() {
    Timetable plan = new Timetable(List.of(new Stretch(2, 110, 128)), List.of());
    run(plan, 220, _ -> 0.5);

    assertEquals(plan, last);
  }

  @Test
  void whereJudgingWouldTakeTheTimeEpochsAreLeftOut() {
    Timetable plan = new Timetable(List.of(new Stretch(60, 10, 96)), List.of());
    double end = run(plan, Long.MAX_VALUE, _ -> 2);

    assertTrue(last.epochs() < 60, last.toString());
    assertInTime(end);
  }

  @Test
  void nothingBeforeAWrittenChangeIsChangedAgain() {
    BudgetClock clock = new BudgetClock(SECONDS, 590, () -> 0);
    BudgetWatch watch = new BudgetWatch(clock, PACE, Long.MAX_VALUE);
    for (int i = 0; i < 20; i++) {
      watch.stepped(96, false, 0.35);
    }
    Timetable written =
        new Timetable(List.of(new Stretch(3, 100, 96)), List.of())
            .changed(120, List.of(new Stretch(1, 200, 96)));

    assertNull(watch.revised(written, 0, 119));
    assertEquals(130, watch.revised(written, 0, 130).lastChange());
  }
}
