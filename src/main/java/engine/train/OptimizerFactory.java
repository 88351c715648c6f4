package engine.train;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.model.Network;
import engine.optim.Adam;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.optim.Sgd;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;
import engine.run.Recipe;
import java.util.List;
import java.util.Map;

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
   * @param batches of an epoch
   */
  static LrSchedule schedule(Recipe r, int batches) {
    long total =
        r.schedule().perStep()
            ? (long) r.schedule().epochs() * steps(r, batches)
            : r.schedule().epochs();
    return Schedules.parse(r.schedule().scheduler(), r.optim().lr(), total);
  }
}
