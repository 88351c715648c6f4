package engine.cli;

import engine.backend.Backend;
import engine.console.Units;
import engine.data.DataSource;
import engine.data.Datasets;
import engine.recipe.Recipe;
import engine.recipe.Timetable;
import engine.run.TrainingListener;
import engine.train.BudgetStart;
import engine.train.TrainerOptions;
import engine.train.budget.BudgetClock;
import engine.train.budget.BudgetPlanner;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A run that {@code --minutes} bounds, from the first moment of its command to the last.
 *
 * @param spec of the command, whose options the plan leaves as they are
 */
record TimedRun(CommandSpec spec, BudgetClock clock) {
  /** Null for a run that no clock bounds: without minutes, or one that repeats a timetable. */
  static TimedRun of(Recipe r, CommandSpec spec) {
    double minutes = r.schedule().budget().minutes();
    return minutes == 0
        ? null
        : new TimedRun(spec, new BudgetClock(60 * minutes, CommandAge.seconds()));
  }

  /** Measures what is to come, and plans it unless the run goes on by its plan. */
  BudgetStart.Begun begin(
      Backend backend,
      Recipe r,
      Datasets.Split data,
      TrainerOptions how,
      TrainingListener listener,
      BooleanSupplier stop) {
    BudgetStart start = new BudgetStart(backend, data, how, clock, listener, stop);
    return r.schedule().budget().isToBePlanned() ? start.planned(r, given(r)) : start.resumed(r);
  }

  private BudgetPlanner.Given given(Recipe r) {
    DataSource source = Datasets.source(r.data().source());
    boolean resizes = r.augment().kind().equals("crop") && !source.packed();
    Integer epochs = value("--epochs");
    return new BudgetPlanner.Given(
        r.augment().imageSize(),
        !resizes || value("--image-size") != null,
        epochs == null ? 0 : epochs,
        r.schedule().fineTuning().headEpochs(),
        spec.commandLine().getParseResult().hasMatchedOption("--head-epochs"),
        r.model().weights() != null);
  }

  /** What was typed or stands in a file of options, unless that is what another plan made. */
  private Integer value(String option) {
    boolean typed = spec.commandLine().getParseResult().hasMatchedOption(option);
    OptionSpec timetable = spec.findOption("--timetable");
    boolean planned =
        timetable != null && timetable.getValue() instanceof List<?> l && !l.isEmpty();
    return typed || !planned ? spec.findOption(option).getValue() : null;
  }

  /** The last line of the run. */
  String summary(Recipe r) {
    Timetable plan = r.schedule().budget().plan();
    String steps =
        plan == null || plan.steps() == plan.planned()
            ? ""
            : ", with %s where %,d were planned"
                .formatted(Units.count(plan.steps(), "step"), plan.planned());
    return "took %s of %s%s"
        .formatted(Units.duration(clock.spent()), Units.duration(clock.seconds()), steps);
  }
}
