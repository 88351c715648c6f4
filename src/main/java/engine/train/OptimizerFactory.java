package engine.train;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.model.Network;
import engine.optim.Adam;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.optim.Sgd;
import engine.optim.schedule.CosineAnnealingLR;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;
import engine.optim.schedule.SequentialLR;
import engine.recipe.Recipe;
import engine.recipe.ScheduleSettings;
import engine.recipe.Timetable;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** From a recipe to its optimiser and schedule. */
public final class OptimizerFactory {
  private OptimizerFactory() {}

  /** The recipe's optimiser for all parameters of {@code model}; the caller closes it. */
  public static Optimizer of(Backend backend, Recipe r, Network model) {
    Map<String, Parameter> all = model.parameters();
    List<ParameterGroup> groups =
        r.optim().noDecayNormBias()
            ? ParameterGroup.splitByDecay(all, r.optim().lr(), r.optim().weightDecay())
            : ParameterGroup.all(all, r.optim().lr(), r.optim().weightDecay());
    double layerDecay = r.schedule().fineTuning().layerDecay();
    if (layerDecay < 1) {
      ModelStages stages = ModelStages.of(model);
      int head = stages.names().size() - 1;
      groups =
          ParameterGroup.scaled(groups, name -> Math.pow(layerDecay, head - stages.indexOf(name)));
    }
    return switch (r.optim().name()) {
      case "sgd" -> new Sgd(backend, groups, r.optim().momentum(), 0, r.optim().momentum() > 0);
      case "adam" -> new Adam(backend, groups);
      default -> new AdamW(backend, groups);
    };
  }

  /** Steps of the optimiser in an epoch: what is left to accumulate at its end makes one too. */
  static int steps(Recipe r, int batches) {
    return Math.ceilDiv(batches, r.schedule().accumulate());
  }

  /**
   * The rate over the whole run. A schedule that spans the run keeps its span where epochs were
   * added, and a half cosine from a tenth of its highest rate to 0 spans each addition; any other
   * goes on by its formula. With a timetable it spans the steps that were planned to begin with.
   *
   * @param batches of an epoch
   */
  static LrSchedule schedule(Recipe r, int batches) {
    ScheduleSettings s = r.schedule();
    Timetable plan = s.budget().plan();
    if (plan != null && s.perStep()) {
      long steps = Math.ceilDiv(plan.planned(), s.accumulate());
      return Schedules.parse(s.scheduler(), r.optim().lr(), steps);
    }
    long unit = s.perStep() ? steps(r, batches) : 1;
    LrSchedule all = Schedules.parse(s.scheduler(), r.optim().lr(), s.span() * unit);
    if (s.extended().isEmpty() || !Schedules.spansTheRun(s.scheduler())) {
      return all;
    }
    double peak = addedPeak(all, s.span() * unit);
    for (int i = 0; i < s.extended().size(); i++) {
      int from = s.extended().get(i);
      int to = i + 1 < s.extended().size() ? s.extended().get(i + 1) : s.epochs();
      LrSchedule added = new CosineAnnealingLR(peak, (to - from) * unit, 0);
      all = new SequentialLR(all, added, from * unit);
    }
    return all;
  }

  /** Where the rate of added epochs begins. */
  private static double addedPeak(LrSchedule spanning, long span) {
    return LongStream.range(0, span).mapToDouble(spanning::lr).max().orElse(0) / 10;
  }
}
