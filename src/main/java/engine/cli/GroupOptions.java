package engine.cli;

import engine.recipe.DataSettings;
import engine.recipe.Recipe;
import engine.run.RunGroup;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that make several runs of one recipe. */
final class GroupOptions {
  @Option(
      names = "--seeds",
      paramLabel = "N,N,…",
      description =
          "Train once a seed, all on the same pictures, and compare: a table, a report, a vote; 0..4 stands for 0 to 4.")
  private String seeds;

  @Option(
      names = "--folds",
      paramLabel = "N",
      description =
          "Cross-validation: train N times, with another Nth of the pictures held out each time.")
  private Integer folds;

  boolean areGiven() {
    return seeds != null || folds != null;
  }

  /** Added to the name of the folder. */
  String suffix() {
    return folds != null ? "-folds" : "-seeds";
  }

  /** The group of a recipe; a wrong one is wrong usage. */
  RunGroup of(Recipe r, CommonOptions common) {
    if (folds != null && seeds != null) {
      throw common.wrong("--seeds and --folds cannot be had together: leave one of them out");
    }
    DataSettings data = folds != null ? r.data().withHeldOut(r.data().splitSeed(), null) : r.data();
    return common.checked(
        () ->
            new RunGroup(
                seeds == null ? List.of() : SeedList.of(seeds),
                folds == null ? 0 : folds,
                r.with(data)));
  }
}
