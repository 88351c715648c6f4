package engine.recipe;

import engine.base.Setting;
import java.util.ArrayList;
import java.util.List;

/** Choices of a recipe that are allowed together and work against each other. */
public final class RecipeConflicts {
  private RecipeConflicts() {}

  /** What a user should know before the run begins, a sentence each. */
  public static List<String> of(Recipe r) {
    List<String> out = new ArrayList<>();
    FineTuning tuning = r.schedule().fineTuning();
    Balance balance = r.loss().balance();
    if (balance.classWeights().equals("balanced") && balance.sampler().equals("balanced")) {
      out.add(
          Setting.CLASS_WEIGHTS
              + " balanced and "
              + Setting.SAMPLER
              + " balanced both even out the classes, so that rare ones count twice over: choose one of the two");
    }
    if (r.model().weights() == null) {
      fromScratch(tuning, out);
    }
    if (!r.optim().name().equals("sgd") && r.optim().momentum() != OptimSettings.MOMENTUM) {
      out.add(
          (Setting.MOMENTUM + " belongs to " + Setting.OPTIMIZER + " sgd: %s does not use it")
              .formatted(r.optim().name()));
    }
    return List.copyOf(out);
  }

  /** What is kept of a network that starts from random weights. */
  private static void fromScratch(FineTuning tuning, List<String> out) {
    String start =
        "; to fine-tune, name trained ones with " + Setting.WEIGHTS + " or " + Setting.PRETRAINED;
    if (!tuning.freeze().equals(FineTuning.NO_STAGE)) {
      out.add(
          (Setting.FREEZE + " %s keeps weights that are random%s")
              .formatted(tuning.freeze(), start));
    } else if (tuning.frozenNorms().equals("all")) {
      out.add(
          Setting.FROZEN_NORMS
              + " all keeps running statistics that no picture has made, 0 and 1"
              + start);
    } else if (tuning.layerDecay() < 1) {
      out.add(
          Setting.LAYER_DECAY + " slows down the first stages, whose weights are random" + start);
    }
  }
}
