package engine.cli;

import engine.recipe.FineTuning;
import picocli.CommandLine.Option;

/** The options of a recipe that keep parts of a network as they were. */
final class FineTuningOptions {
  @Option(
      names = "--freeze",
      paramLabel = "STAGE",
      description =
          "Do not train the stages up to this one: stem, layer1 to layer4, features.N (default none).")
  private String freeze = FineTuning.NONE.freeze();

  @Option(
      names = "--unfreeze-every",
      paramLabel = "N",
      description =
          "Train one more of the frozen stages after every N epochs, the last first (default 0: never).")
  private int unfreezeEvery;

  @Option(
      names = "--frozen-norms",
      paramLabel = "NAME",
      description =
          "Norms that keep their running statistics: none, frozen (those of frozen stages) or all (default frozen).")
  private String frozenNorms = FineTuning.NONE.frozenNorms();

  @Option(
      names = "--layer-decay",
      paramLabel = "F",
      description = "Factor on the learning rate from each stage to the one before it (default 1).")
  private double layerDecay = 1;

  @Option(
      names = "--head-epochs",
      paramLabel = "F",
      description =
          "Train the classifier alone for so many epochs, 0.5 for half a one, and then all of the network (default 0).")
  private double headEpochs;

  FineTuning toFineTuning() {
    return new FineTuning(freeze, unfreezeEvery, frozenNorms, layerDecay, headEpochs);
  }
}
