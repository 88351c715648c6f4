package engine.train;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.model.ResNet;
import engine.optim.Adam;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.optim.Sgd;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;
import java.util.List;
import java.util.Map;

/** From a recipe to its optimiser and schedule. */
public final class Optimizers {
  private Optimizers() {}

  /** The recipe's optimiser for all parameters of {@code model}; the caller closes it. */
  public static Optimizer of(Backend backend, Recipe r, ResNet model) {
    Map<String, Parameter> all = model.parameters();
    List<ParameterGroup> groups =
        r.decayNormAndBias()
            ? ParameterGroup.all(all, r.lr(), r.weightDecay())
            : ParameterGroup.splitByDecay(all, r.lr(), r.weightDecay());
    return switch (r.optimizer()) {
      case "sgd" -> new Sgd(backend, groups, r.momentum(), 0, r.momentum() > 0);
      case "adam" -> new Adam(backend, groups);
      default -> new AdamW(backend, groups);
    };
  }

  /**
   * @param batches of an epoch
   */
  static LrSchedule schedule(Recipe r, long batches) {
    long total =
        r.schedulePerStep() ? Math.ceilDiv(r.epochs() * batches, r.accumulate()) : r.epochs();
    return Schedules.parse(r.scheduler(), r.lr(), total);
  }
}
