package engine.cli;

import engine.recipe.Regularization;
import picocli.CommandLine.Option;

/** The options of a recipe that keep a network from learning its pictures by heart. */
final class RegularizationOptions {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description =
          "trivialaugment, or randaugment[:N,M]: N operations of magnitude M (default none; with one, --jitter is 0).")
  private String policy = Regularization.NONE.policy();

  @Option(
      names = "--erasing",
      paramLabel = "P",
      description = "Probability of erasing a rectangle of a picture (default 0).")
  private double erasing;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      description = "Blend pairs of pictures (default 0: no; 0.2 is usual).")
  private double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "ALPHA",
      description =
          "Paste a part of one picture into another (default 0: no; 1 is usual); with --mixup, one of the two a batch.")
  private double cutmix;

  @Option(
      names = "--mix-off-epoch",
      paramLabel = "N",
      description = "Neither mixup nor cutmix after N epochs (default 0: to the end).")
  private int mixOffEpoch;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Also keep a moving average of the weights, such as 0.999, which then answers (default 0: no).")
  private double ema;

  boolean hasPolicy() {
    return !policy.equals(Regularization.NONE.policy());
  }

  Regularization toRegularization() {
    return new Regularization(policy, erasing, mixup, cutmix, mixOffEpoch, ema);
  }
}
