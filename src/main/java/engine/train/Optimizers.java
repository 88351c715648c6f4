package engine.train;

import engine.backend.Backend;
import engine.model.ResNet;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.Sgd;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;

/** From a recipe to its optimiser and schedule. */
final class Optimizers {
  private Optimizers() {}

  static Optimizer of(Backend backend, Recipe r, ResNet model) {
    return null;
  }

  /** @param batches of an epoch */
  static LrSchedule schedule(Recipe r, long batches) {
    long total =
        r.schedulePerStep() ? Math.ceilDiv(r.epochs() * batches, r.accumulate()) : r.epochs();
    return Schedules.parse(r.scheduler(), r.lr(), total);
  }
}
