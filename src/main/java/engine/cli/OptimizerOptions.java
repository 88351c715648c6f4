package engine.cli;

import engine.recipe.OptimSettings;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how weights move. */
final class OptimizerOptions {
  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "adamw, adam or sgd with Nesterov momentum (default adamw).")
  private String optimizer = "adamw";

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "Learning rate (default 3e-4; demo 1e-3; sgd 0.1).")
  private Double lr;

  @Option(names = "--momentum", paramLabel = "X", description = "Momentum of sgd (default 0.9).")
  private double momentum = OptimSettings.MOMENTUM;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "Weight decay (default 0.01; sgd 5e-4).")
  private Double weightDecay;

  @Option(
      names = "--no-decay-norm-bias",
      description = "Leave norms and biases out of the weight decay.")
  private boolean noDecayNormBias;

  @Option(
      names = "--weight-decay-at",
      split = ",",
      paramLabel = "EPOCH:X",
      description = "Another weight decay from an epoch (counted from 0), such as 40:0.1.")
  private List<String> weightDecayAt = new ArrayList<>();

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description = "Largest norm of the gradients (default 0: no clipping).")
  private double clipNorm;

  /**
   * @param usualLr the data's, where none is given; that of sgd is 0.1
   */
  OptimSettings toSettings(double usualLr) {
    boolean sgd = optimizer.equals("sgd");
    return new OptimSettings(
        optimizer,
        lr == null ? (sgd ? 0.1 : usualLr) : lr,
        momentum,
        weightDecay == null ? (sgd ? 5e-4 : 0.01) : weightDecay,
        noDecayNormBias,
        weightDecayAt,
        clipNorm);
  }
}
