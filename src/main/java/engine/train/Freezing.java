package engine.train;

import engine.autograd.Parameter;
import engine.nn.BatchNorm2d;
import engine.nn.Module;
import engine.recipe.FineTuning;

/** Keeps the stages of a model that an epoch does not train as they are. */
final class Freezing {
  private final Module model;
  private final ModelStages stages;
  private final FineTuning tuning;
  private final int most;
  private int frozen = -1;

  /**
   * @throws engine.base.UserError if the model has no such stage
   */
  Freezing(Module model, FineTuning tuning) {
    this.model = model;
    this.tuning = tuning;
    stages = ModelStages.of(model);
    most = stages.countTo(tuning.freeze());
  }

  /**
   * Freezes what epoch {@code epoch} (from 0) leaves alone.
   *
   * @return whether that differs from the epoch before, so that a recorded step is out of date
   */
  boolean apply(int epoch) {
    return apply(epoch, false);
  }

  /**
   * The same.
   *
   * @param headOnly whether all but the classifier is frozen
   * @return whether that differs from before, so that a recorded step is out of date
   */
  boolean apply(int epoch, boolean headOnly) {
    int now = headOnly ? stages.names().size() - 1 : tuning.frozenIn(epoch, most);
    if (now == frozen) {
      return false;
    }
    boolean first = frozen < 0;
    frozen = now;
    model.parameters().forEach(this::apply);
    model
        .modules()
        .forEach(
            (name, m) -> {
              if (m instanceof BatchNorm2d norm) {
                norm.freezeStatistics(keepsStatistics(name));
              }
            });
    return !first;
  }

  private void apply(String name, Parameter p) {
    p.setTrained(!isFrozen(name));
  }

  private boolean keepsStatistics(String name) {
    return switch (tuning.frozenNorms()) {
      case "all" -> true;
      case "frozen" -> isFrozen(name);
      default -> false;
    };
  }

  private boolean isFrozen(String name) {
    return stages.indexOf(name) < frozen;
  }

  /** Such as {@code stem to layer2 frozen}; empty when all is trained. */
  String describe() {
    return frozen <= 0
        ? ""
        : frozen == 1
            ? stages.names().getFirst() + " frozen"
            : stages.names().getFirst() + " to " + stages.names().get(frozen - 1) + " frozen";
  }
}
