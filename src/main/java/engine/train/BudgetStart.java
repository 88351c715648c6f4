package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import engine.console.Units;
import engine.data.Datasets;
import engine.recipe.FineTuning;
import engine.recipe.Recipe;
import engine.recipe.Timetable;
import engine.run.TrainingListener;
import engine.train.budget.BudgetClock;
import engine.train.budget.BudgetPlanner;
import engine.train.budget.BudgetWatch;
import engine.train.budget.Pace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The beginning of a run that has so much time: it is measured, and planned where it is new. */
public final class BudgetStart {
  /** Share of the time that measuring may take. */
  private static final double MEASURING = 0.06;

  /** Steps that a measurement takes, about. */
  private static final int LEAST_STEPS = 6;

  private final Backend backend;
  private final Datasets.Split data;
  private final TrainerOptions how;
  private final BudgetClock clock;
  private final TrainingListener listener;
  private final BooleanSupplier stop;

  /**
   * @param clock of the command
   * @param stop asked between two steps of the measurement: whether to end it
   */
  public BudgetStart(
      Backend backend,
      Datasets.Split data,
      TrainerOptions how,
      BudgetClock clock,
      TrainingListener listener,
      BooleanSupplier stop) {
    this.backend = backend;
    this.data = data;
    this.how = how;
    this.clock = clock;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * What a run begins with.
   *
   * @param recipe with a timetable
   * @param watch that keeps the run to its time
   */
  public record Begun(Recipe recipe, BudgetWatch watch) {}

  /** A run that goes on by its timetable. */
  public Begun resumed(Recipe r) {
    Calibration.Measured m = measure(r);
    return new Begun(r, new BudgetWatch(clock, pace(Map.of(side(r), m.step()), m), Long.MAX_VALUE));
  }

  /**
   * A new run.
   *
   * @param given what is not for the plan to choose
   * @throws UserError if there is too little time
   */
  public Begun planned(Recipe r, BudgetPlanner.Given given) {
    TreeMap<Integer, Double> steps = new TreeMap<>();
    int smallest = given.sides().getLast();
    Calibration.Measured m = measured(r, smallest, steps);
    BudgetPlanner planner = new BudgetPlanner(pace(steps, m), m.batches(), given);
    int side = planner.side(clock.left());
    if (side != smallest
        && (LEAST_STEPS * planner.pace().step(side) + m.start()) < MEASURING * clock.seconds()) {
      m = measured(r, side, steps);
      planner = new BudgetPlanner(pace(steps, m), m.batches(), given);
      side = planner.side(clock.left());
    } else if (side != smallest) {
      double larger = planner.pace().step(side) / planner.pace().step(smallest);
      m = scaled(m, larger);
      planner = new BudgetPlanner(pace(steps, m), m.batches(), given);
    }
    BudgetPlanner.Plan plan = planner.plan(clock.seconds(), clock.left(), side);
    FineTuning tuning = r.schedule().fineTuning().withHeadEpochs(plan.headEpochs());
    Recipe planned =
        r.with(r.augment().withImageSize(plan.side()))
            .with(r.schedule().planned(plan.timetable()).withFineTuning(tuning));
    say(planned, planner, m);
    long most = given.epochs() > 0 ? (long) given.epochs() * m.batches() : Long.MAX_VALUE;
    return new Begun(planned, new BudgetWatch(clock, planner.pace(), most));
  }

  private Calibration.Measured measured(Recipe r, int side, Map<Integer, Double> steps) {
    Recipe sized = r.with(r.augment().withImageSize(side));
    Calibration.Measured m = measure(sized);
    steps.put(side, m.step());
    return m;
  }

  private Calibration.Measured measure(Recipe r) {
    double enough = clock.spent() + MEASURING * clock.seconds();
    return Calibration.of(
        backend, r, data, how, () -> stop.getAsBoolean() || clock.spent() > enough);
  }

  /** What was measured on smaller pictures; a checkpoint is as large for all. */
  private static Calibration.Measured scaled(Calibration.Measured m, double by) {
    return new Calibration.Measured(
        m.step(), m.start() * by, m.validation() * by, m.save(), m.finish() * by, m.batches());
  }

  private static Pace pace(Map<Integer, Double> steps, Calibration.Measured m) {
    return new Pace(steps, m.start(), m.validation(), m.save(), m.finish());
  }

  private static int side(Recipe r) {
    return r.augment().imageSize();
  }

  private void say(Recipe r, BudgetPlanner planner, Calibration.Measured m) {
    Timetable plan = r.schedule().budget().plan();
    double head = r.schedule().fineTuning().headEpochs();
    int batch = Math.min(r.schedule().batch(), data.train().size());
    String rates =
        plan.stretches().stream()
            .map(Timetable.Stretch::side)
            .distinct()
            .map(
                s ->
                    "%s images/s at %d pixels"
                        .formatted(Units.rate(batch / planner.pace().step(s)), s))
            .collect(Collectors.joining(", "));
    listener.message(
        "plan for %s: %s; %s%s measured, %s for each validation and checkpoint, %s kept for the end"
            .formatted(
                Units.duration(clock.seconds()),
                stretches(plan.stretches()),
                head > 0
                    ? "the classifier alone in the first %s; "
                        .formatted(
                            Units.count(r.schedule().fineTuning().headBatches(m.batches()), "step"))
                    : "",
                rates,
                Units.duration(planner.pace().epoch()),
                Units.duration(planner.pace().finish())));
    if (planner.given().epochs() > 0) {
      listener.message(
          plan.steps() == (long) planner.given().epochs() * m.batches()
              ? "the %s fit into that time: the run ends after them"
                  .formatted(Units.count(planner.given().epochs(), "epoch"))
              : "there is no time for %s: the plan has what fits"
                  .formatted(Units.count(planner.given().epochs(), "epoch")));
    }
  }

  private static String stretches(List<Timetable.Stretch> all) {
    return all.stream()
        .map(
            s ->
                "%s of %s at %d pixels"
                    .formatted(
                        Units.count(s.epochs(), "epoch"),
                        Units.count(s.batches(), "step"),
                        s.side()))
        .collect(Collectors.joining(", then "));
  }
}
