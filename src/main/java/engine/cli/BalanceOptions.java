package engine.cli;

import engine.recipe.Balance;
import picocli.CommandLine.Option;

/** The options of a recipe for classes of uneven size. */
final class BalanceOptions {
  @Option(
      names = "--class-weights",
      paramLabel = "W",
      description =
          "Weights of the classes in the loss: balanced, a number a class such as 1,2.5,1, or by name such as cat=2,dog=0.5, others 1 (default none).")
  private String classWeights = Balance.NONE.classWeights();

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description = "shuffle, or balanced: every class equally often (default shuffle).")
  private String sampler = Balance.NONE.sampler();

  Balance toBalance() {
    return new Balance(classWeights, sampler);
  }
}
