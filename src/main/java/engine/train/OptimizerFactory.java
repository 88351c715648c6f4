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
        r.noDecayNormBias()
            ? ParameterGroup.splitByDecay(all, r.lr(), r.weightDecay())
            : ParameterGroup.all(all, r.lr(), r.weightDecay());
    double layerDecay = r.fineTuning().layerDecay();
    if (layerDecay < 1) {
      ModelStages stages = ModelStages.of(model);
      int head = stages.names().size() - 1;
      groups =
          ParameterGroup.scaled(groups, name -> Math.pow(layerDecay, head - stages.indexOf(name)));
    }
    return switch (r.optimizer()) {
      case "sgd" -> new Sgd(backend, groups, r.momentum(), 0, r.momentum() > 0);
      case "adam" -> new Adam(backend, groups);
      default -> new AdamW(backend, groups);
    };
  }

  /** Steps of the optimiser in an epoch: what is left to accumulate at its end makes one too. */
  static int steps(Recipe r, int batches) {
    return Math.ceilDiv(batches, r.accumulate());
  }

  /**
   * @param batches of an epoch
   */
  static LrSchedule schedule(Recipe r, int batches) {
    long total = r.schedulePerStep() ? (long) r.epochs() * steps(r, batches) : r.epochs();
    return Schedules.parse(r.scheduler(), r.lr(), total);
  }
}
