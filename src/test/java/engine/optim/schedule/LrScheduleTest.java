package engine.optim.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LrScheduleTest {
  @Test
  void cosineClimbsAgainPastTmax() {
    LrSchedule s = new CosineAnnealingLR(3e-4, 10, 1e-6);
    assertEquals(3e-4, s.lr(0));
    assertEquals(1e-6, s.lr(10), 1e-18);
    assertEquals(s.lr(7), s.lr(13), 1e-18);
    assertEquals(3e-4, s.lr(20), 1e-18);
  }

  @Test
  void warmRestartsGrowByTmult() {
    LrSchedule s = new CosineAnnealingWarmRestarts(1, 10, 2, 0);
    assertEquals(1, s.lr(10));
    assertEquals(0.5, s.lr(20), 1e-15);
    assertEquals(1, s.lr(30));
    assertEquals(0.5, s.lr(50), 1e-15);
    assertEquals(1, s.lr(70));
    assertTrue(s.lr(Long.MAX_VALUE / 4) <= 1);
  }

  @Test
  void stepsFallAtTheirMilestones() {
    LrSchedule s = new StepLR(0.1, 30, 0.1);
    assertEquals(0.1, s.lr(29));
    assertEquals(0.01, s.lr(30), 1e-17);
    LrSchedule m = new MultiStepLR(1, List.of(8L, 3L, 8L), 0.5);
    assertEquals(1, m.lr(2));
    assertEquals(0.5, m.lr(3));
    assertEquals(0.125, m.lr(8));
  }

  /** Values of torch.optim.lr_scheduler.PolynomialLR of PyTorch 2, at an lr of 0.1. */
  @Test
  void polynomialIsPytorchs() {
    double[] line = {0.1, 0.09000000000000001, 0.08000000000000002, 0.07, 0.06000000000000001};
    double[] square = {0.1, 0.08100000000000002, 0.06400000000000002, 0.048999999999999995};
    double[] poly = {0.1, 0.09887429363102976, 0.09774716137503496, 0.09661858310936049};
    double[] root = {0.1, 0.08164965809277261, 0.05773502691896258, 0, 0, 0};
    assertArrayEquals(line, rates("polynomial:total_iters=10", line.length), 1e-16);
    assertArrayEquals(square, rates("polynomial:total_iters=10,power=2", square.length), 1e-16);
    assertArrayEquals(poly, rates("polynomial:power=0.9", poly.length), 1e-16);
    assertArrayEquals(root, rates("polynomial:total_iters=3,power=0.5", root.length), 1e-16);
    refuses("polynomial:power=0", "scheduler polynomial: power must be a number above 0, not 0");
    refuses("polynomial:total_iters=0", "scheduler polynomial: total_iters must be at least 1");
  }

  private static double[] rates(String spec, int times) {
    LrSchedule s = Schedules.parse(spec, 0.1, 80);
    return LongStream.range(0, times).mapToDouble(s::lr).toArray();
  }

  @Test
  void oneCycleEndsAtItsLowestAndStaysThere() {
    OneCycleLR s = new OneCycleLR(0.1, 100);
    assertEquals(0.004, s.lr(0), 1e-17);
    assertEquals(0.1, s.lr(29), 1e-17);
    assertEquals(4e-7, s.lr(99), 1e-17);
    assertEquals(s.lr(99), s.lr(1000));
  }

  @Test
  void oneCycleOfAnyLengthIsFinite() {
    for (int total = 1; total < 12; total++) {
      for (double pct : new double[] {0, 0.1, 0.5, 1}) {
        OneCycleLR s = new OneCycleLR(1, total, pct, 25, 1e4);
        for (int t = 0; t <= total; t++) {
          assertTrue(s.lr(t) >= 0 && s.lr(t) <= 1, s + " at " + t + " is " + s.lr(t));
        }
      }
    }
  }

  @Test
  void bothWarmUpsEndInTheSameCosine() {
    LrSchedule linear = SequentialLR.linearThenCosine(1, 4, 20, 0.01, 0);
    LrSchedule counted = SequentialLR.countedThenCosine(1, 4, 20, 0);
    assertEquals(0.01, linear.lr(0));
    assertEquals(0.7525, linear.lr(3), 1e-15);
    assertEquals(0.25, counted.lr(0));
    assertEquals(1, counted.lr(3));
    for (int t = 4; t < 20; t++) {
      assertEquals(linear.lr(t), counted.lr(t));
    }
    assertEquals(1, SequentialLR.countedThenCosine(1, 1, 20, 0).lr(0));
    assertEquals(1, SequentialLR.linearThenCosine(1, 0, 20, 0.01, 0).lr(0));
  }

  @Test
  void commandLineNamesGiveTheirSchedules() {
    assertEquals(new ConstantLR(0.1), Schedules.parse("constant", 0.1, 80));
    assertEquals(new CosineAnnealingLR(0.1, 80, 0), Schedules.parse("cosine", 0.1, 80));
    assertEquals(
        new CosineAnnealingLR(0.1, 10, 1e-6),
        Schedules.parse("cosine:t-max=10, eta_min=1e-6", 0.1, 80));
    assertEquals(
        new CosineAnnealingWarmRestarts(0.1, 5, 2, 0),
        Schedules.parse("cosine-restarts:t_0=5,t_mult=2", 0.1, 80));
    assertEquals(new StepLR(0.1, 30, 0.1), Schedules.parse("step", 0.1, 80));
    assertEquals(
        new MultiStepLR(0.1, List.of(30L, 60L), 0.2),
        Schedules.parse("multistep:milestones=60/30,gamma=0.2", 0.1, 80));
    assertEquals(new OneCycleLR(0.1, 80), Schedules.parse("onecycle", 0.1, 80));
    assertEquals(
        SequentialLR.linearThenCosine(0.1, 3, 80, 0.01, 0),
        Schedules.parse("warmup-cosine:warmup=3", 0.1, 80));
    assertEquals(0.1, Schedules.parse("warmup-cosine", 0.1, 1).lr(0));
  }

  @Test
  void wrongSettingsAreRefusedInOneSentence() {
    refuses("cosin", "there is no scheduler 'cosin': use one of constant, cosine, ");
    refuses("cosine:tmax=3", "scheduler cosine has no setting tmax; it takes eta_min, t_max");
    refuses("constant:x=3", "scheduler constant takes no settings, so leave out x");
    refuses("cosine:t_max=ten", "t_max of scheduler cosine must be a whole number, not 'ten'");
    refuses("cosine:t_max=0", "scheduler cosine: t_max must be at least 1, not 0");
    refuses("step:3", "'3' in scheduler 'step:3' is not key=value");
    refuses("multistep", "scheduler multistep: it needs at least one milestone");
    refuses(
        "warmup-cosine:warmup=80",
        "scheduler warmup-cosine: a warm-up of 80 does not fit into a run of 80");
    refuses("step:gamma=NaN", "scheduler step: gamma must be a number above 0, not NaN");
  }

  private static void refuses(String spec, String sentence) {
    String message =
        assertThrows(UserError.class, () -> Schedules.parse(spec, 0.1, 80)).getMessage();
    assertTrue(message.startsWith(sentence), message);
  }

  @Test
  void everyNameIsAScheduleOfItsOwnUnitOfTime() {
    for (String name : Schedules.NAMES) {
      String spec = name.equals("multistep") ? "multistep:milestones=3/5" : name;
      LrSchedule s = Schedules.parse(spec, 0.1, 80);
      assertTrue(s.lr(0) > 0 && s.lr(79) <= 0.1, name);
      assertEquals(
          name.equals("onecycle") || name.equals("warmup-cosine"), Schedules.perStep(spec));
    }
    assertEquals(Set.copyOf(Schedules.NAMES).size(), Schedules.NAMES.size());
    assertThrows(UserError.class, () -> Schedules.perStep("warmup-cosines"));
  }
}
