package engine.run;

import engine.base.Setting;
import engine.data.ClassBalance;
import engine.data.Dataset;
import engine.data.Sampler;
import java.util.Arrays;
import java.util.List;

/**
 * What is done about classes of uneven size.
 *
 * @param classWeights {@code none}; {@code balanced}: N / (K * pictures of the class), as
 *     scikit-learn has it; or K numbers with commas between
 * @param sampler {@code shuffle}, or {@code balanced}: every class equally often
 */
public record Balance(String classWeights, String sampler) {
  public static final Balance NONE = new Balance("none", "shuffle");

  public Balance {
    RecipeChecks.that(classWeights != null, Setting.CLASS_WEIGHTS + " is missing");
    RecipeChecks.oneOf(Setting.SAMPLER, sampler, "shuffle", "balanced");
    if (!named(classWeights)) {
      numbers(classWeights);
    }
  }

  private static boolean named(String weights) {
    return weights.equals("none") || weights.equals("balanced");
  }

  boolean hasWeights() {
    return !classWeights.equals("none");
  }

  /** A weight for each class of the training pictures, or null for none. */
  public float[] weights(Dataset train) {
    List<String> classes = train.classNames();
    if (!hasWeights()) {
      return null;
    }
    float[] out =
        classWeights.equals("balanced") ? ClassBalance.of(train).weights() : numbers(classWeights);
    RecipeChecks.that(
        out.length == classes.size(),
        (Setting.CLASS_WEIGHTS
                + " has %d numbers for %d classes: give one for each, in this order: %s")
            .formatted(out.length, classes.size(), String.join(", ", classes)));
    return out;
  }

  public Sampler sampler(Dataset train, long seed) {
    return sampler.equals("balanced")
        ? Sampler.balanced(train, seed)
        : Sampler.shuffled(train.size(), seed);
  }

  private static float[] numbers(String list) {
    String[] parts = list.split(",");
    float[] out = new float[parts.length];
    boolean positive = false;
    try {
      for (int i = 0; i < parts.length; i++) {
        out[i] = Float.parseFloat(parts[i].strip());
        RecipeChecks.that(
            out[i] >= 0 && Float.isFinite(out[i]),
            Setting.CLASS_WEIGHTS + " must be 0 or more each, not " + parts[i].strip());
        positive |= out[i] > 0;
      }
    } catch (NumberFormatException e) {
      out = new float[0];
    }
    RecipeChecks.that(
        positive,
        Setting.CLASS_WEIGHTS
            + " must be none, balanced, or a number a class such as 1,2.5,1, not '"
            + list
            + "'");
    return Arrays.copyOf(out, out.length);
  }
}
