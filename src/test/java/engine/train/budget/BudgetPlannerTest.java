package engine.train.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.recipe.Timetable;
import engine.recipe.Timetable.Stretch;
import engine.train.budget.BudgetPlanner.Given;
import engine.train.budget.BudgetPlanner.Plan;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetPlannerTest {
  private static final int BATCHES = 110;

  /** EfficientNet-Lite0 on two cores, about. */
  private static final Pace PACE = new Pace(Map.of(96, 0.35, 128, 0.6), 0.8, 7, 0.4, 9);

  private static BudgetPlanner planner(Given given) {
    return new BudgetPlanner(PACE, BATCHES, given);
  }

  private static Given free(boolean pretrained) {
    return new Given(224, false, 0, 0.3, false, pretrained);
  }

  private static Plan plan(double seconds, Given given) {
    BudgetPlanner p = planner(given);
    return p.plan(seconds, seconds - 8, p.side(seconds - 8));
  }

  /** What a plan takes by the same measurements. */
  static double seconds(Timetable t, Pace pace) {
    double out = 0;
    for (Stretch s : t.stretches()) {
      out += pace.start() + s.epochs() * (s.batches() * pace.step(s.side()) + pace.epoch());
    }
    return out + pace.finish();
  }

  @ParameterizedTest
  @ValueSource(doubles = {90, 180, 300, 600, 3600, 20_000})
  void aPlanFillsItsTime(double seconds) {
    Plan p = plan(seconds, free(true));

    double took = 8 + seconds(p.timetable(), PACE);
    assertTrue(took <= seconds && took >= 0.97 * seconds, took + " of " + seconds + ": " + p);
  }

  @Test
  void moreTimeBuysLargerPictures() {
    assertEquals(96, plan(90, free(true)).side());
    assertEquals(128, plan(300, free(true)).side());
    assertEquals(224, plan(3600, free(true)).side());
    assertTrue(plan(600, free(false)).side() < plan(600, free(true)).side());
  }

  @Test
  void theFirstPartSeesSmallerPicturesAndTheLastThoseOfTheEvaluation() {
    Plan p = plan(600, free(true));

    assertEquals(2, p.timetable().stretches().size());
    assertTrue(p.timetable().stretches().getFirst().side() < p.side());
    assertEquals(p.side(), p.timetable().stretches().getLast().side());
  }

  @Test
  void aSideThatWasTypedStays() {
    Plan p = plan(600, new Given(112, true, 0, 0, false, true));

    assertTrue(p.timetable().stretches().stream().allMatch(s -> s.side() == 112), p.toString());
  }

  @Test
  void judgingTakesASmallPartHoweverSmallThePassesAre() {
    Pace quick = new Pace(Map.of(96, 0.01), 0.1, 0.5, 0.2, 2);
    Plan p =
        new BudgetPlanner(quick, 3, new Given(96, true, 0, 0, false, false)).plan(600, 595, 96);

    assertTrue(p.timetable().epochs() * quick.epoch() < 0.15 * 600, p.toString());
    assertTrue(p.timetable().steps() > 40_000, p.toString());
  }

  @Test
  void epochsThatFitAreAllThereIs() {
    Plan p = plan(600, new Given(128, true, 2, 0, false, true));

    assertEquals(new Stretch(2, BATCHES, 128), p.timetable().stretches().getFirst());
    assertEquals(1, p.timetable().stretches().size());
  }

  @Test
  void epochsThatDoNotFitAreCut() {
    Plan p = plan(180, new Given(128, true, 50, 0, false, true));

    assertTrue(p.timetable().steps() < 3 * BATCHES, p.toString());
    assertTrue(seconds(p.timetable(), PACE) + 8 <= 180);
  }

  @Test
  void theClassifierIsAloneForATenthAtMostUnlessThatWasTyped() {
    Plan chosen = plan(120, free(true));
    double passes = (double) chosen.timetable().steps() / BATCHES;

    assertTrue(chosen.headEpochs() <= 0.1 * passes + 0.01, chosen.toString());
    assertEquals(0.5, plan(120, new Given(224, false, 0, 0.5, true, true)).headEpochs());
  }

  @Test
  void tooLittleTimeSaysHowMuchWouldDoAndThatDoes() {
    BudgetPlanner p = planner(free(true));
    String said = assertThrows(UserError.class, () -> p.plan(6, -2, 96)).getMessage();
    Matcher m = Pattern.compile("needs --minutes ([0-9.]+)$").matcher(said);

    assertTrue(said.startsWith("--minutes 0.1 is too short") && m.find(), said);
    double enough = 60 * Double.parseDouble(m.group(1));
    Plan plan = p.plan(enough, enough - 8, 96);
    assertTrue(plan.timetable().steps() >= BATCHES, plan + " in " + enough);
  }
}
