package engine.cli;

import engine.console.Units;
import engine.recipe.FineTuning;
import engine.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** {@code --recipe fine-tune}: when it is chosen where none was typed, and what it came to. */
final class FineTunePreset {
  static final String NAME = "fine-tune";

  private FineTunePreset() {}

  /**
   * Whether a command starts from trained weights and nothing was typed of a recipe. A file of
   * options says all that its run shall have.
   */
  static boolean suits(CommandLine command, ParseResult typed) {
    Set<String> known = command.getCommandSpec().optionsMap().keySet();
    return known.contains("--recipe")
        && (typed.hasMatchedOption("--weights") || typed.hasMatchedOption("--pretrained"))
        && !typed.hasMatchedOption("--recipe")
        && !typed.hasMatchedOption("--config")
        && !typed.hasMatchedOption("--resume");
  }

  /** What it chose, with what was typed in its place. */
  static String describe(Recipe r) {
    FineTuning tuning = r.schedule().fineTuning();
    List<String> parts = new ArrayList<>();
    if (tuning.headEpochs() > 0) {
      String all =
          r.schedule().budget().isToBePlanned()
              ? "%s epochs, or a tenth of the run"
              : tuning.headEpochs() == 1 ? "%s epoch" : "%s epochs";
      parts.add("the classifier alone for " + all.formatted(Units.compact(tuning.headEpochs())));
    }
    parts.add(
        "%s at %s, times %s from stage to stage towards the input"
            .formatted(
                r.optim().name(),
                Units.learningRate(r.optim().lr()),
                Units.compact(tuning.layerDecay())));
    parts.add(r.schedule().scheduler());
    parts.add(
        r.augment().regularization().hasEma()
            ? "an average of the weights of decay "
                + Units.compact(r.augment().regularization().ema())
            : "no average of the weights");
    return "recipe fine-tune, for trained weights: %s; what is typed wins, and --recipe none leaves it out"
        .formatted(String.join(", ", parts));
  }
}
