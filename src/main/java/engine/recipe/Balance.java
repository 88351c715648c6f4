package engine.recipe;

import engine.base.Setting;
import engine.data.Dataset;
import engine.data.loader.Sampler;

/**
 * What is done about classes of uneven size.
 *
 * @param classWeights {@code none}; {@code balanced}: N / (K * pictures of the class), as
 *     scikit-learn has it; K numbers with commas between; or by name, {@code cat=2,dog=0.5}: see
 *     {@link ClassWeights}
 * @param sampler {@code shuffle}, or {@code balanced}: every class equally often
 */
public record Balance(String classWeights, String sampler) {
  public static final Balance NONE = new Balance("none", "shuffle");

  public Balance {
    RecipeChecks.that(classWeights != null, Setting.CLASS_WEIGHTS + " is missing");
    RecipeChecks.oneOf(Setting.SAMPLER, sampler, "shuffle", "balanced");
    ClassWeights.parse(classWeights);
  }

  boolean hasWeights() {
    return !classWeights.equals("none");
  }

  /**
   * A weight for each class of the training pictures, or null for none.
   *
   * @throws engine.base.UserError if they are for other classes
   */
  public float[] weights(Dataset train) {
    return ClassWeights.parse(classWeights).of(train);
  }

  public Sampler sampler(Dataset train, long seed) {
    return sampler.equals("balanced")
        ? Sampler.balanced(train, seed)
        : Sampler.shuffled(train.size(), seed);
  }
}
