package engine.cli;

import engine.infer.Vote;
import java.util.List;
import picocli.CommandLine.Option;

/** How several checkpoints become one answer. */
final class VoteOptions {
  @Option(
      names = "--vote",
      paramLabel = "HOW",
      defaultValue = "soft",
      description =
          "With several checkpoints: soft (mean of their probabilities) or hard (each has one vote; of equal votes the larger mean probability wins; default soft).")
  private Vote.Mode mode;

  @Option(
      names = "--vote-weights",
      paramLabel = "W,W,…",
      split = ",",
      description = "What each checkpoint's vote counts, in their order (default: all the same).")
  private List<Double> weights;

  Vote of(int checkpoints, CommonOptions common) {
    return common.checked(() -> Vote.of(mode, checkpoints, weights));
  }
}
