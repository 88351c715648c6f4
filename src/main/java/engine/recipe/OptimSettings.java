package engine.recipe;

import com.google.gson.annotations.SerializedName;
import engine.base.Setting;
import engine.base.UserError;
import java.util.List;

/**
 * How weights move.
 *
 * @param name {@code adamw}, {@code adam} or {@code sgd}
 * @param lr the learning rate that the schedule starts from
 * @param momentum of sgd
 * @param noDecayNormBias whether norms and biases are left out of the weight decay
 * @param weightDecayAt changes such as {@code 40:0.1}: from that epoch (counted from 0), that decay
 * @param clipNorm largest norm of all gradients together; 0 for no clipping
 */
public record OptimSettings(
    @SerializedName("optimizer") String name,
    double lr,
    double momentum,
    double weightDecay,
    boolean noDecayNormBias,
    List<String> weightDecayAt,
    double clipNorm) {
  /** Of sgd, where nothing else is said. */
  public static final double MOMENTUM = 0.9;

  public OptimSettings {
    RecipeChecks.oneOf(Setting.OPTIMIZER, name, "adamw", "adam", "sgd");
    RecipeChecks.that(
        lr > 0 && lr < 1e3, Setting.LR + " must be above 0 and below 1000, not " + lr);
    RecipeChecks.that(
        momentum >= 0 && momentum < 1,
        Setting.MOMENTUM + " must be at least 0 and below 1, not " + momentum);
    RecipeChecks.that(
        weightDecay >= 0 && weightDecay < 1e3,
        Setting.WEIGHT_DECAY + " must be 0 or more and below 1000, not " + weightDecay);
    RecipeChecks.that(
        clipNorm >= 0 && clipNorm < 1e9, Setting.CLIP_NORM + " must be 0 or more, not " + clipNorm);
    weightDecayAt = List.copyOf(weightDecayAt);
    weightDecayAt.forEach(OptimSettings::decayChange);
  }

  /** AdamW with its usual weight decay. */
  public static OptimSettings adamw(double lr) {
    return new OptimSettings("adamw", lr, MOMENTUM, 0.01, false, List.of(), 0);
  }

  /** The weight decay that applies in {@code epoch}, counted from 0. */
  public double weightDecay(int epoch) {
    double decay = weightDecay;
    int since = -1;
    for (String w : weightDecayAt) {
      double[] change = decayChange(w);
      if (change[0] <= epoch && change[0] > since) {
        since = (int) change[0];
        decay = change[1];
      }
    }
    return decay;
  }

  private static double[] decayChange(String text) {
    String[] parts = text.split(":");
    try {
      double[] change = {Integer.parseInt(parts[0].strip()), Double.parseDouble(parts[1].strip())};
      if (parts.length == 2 && change[0] >= 0 && change[1] >= 0 && change[1] < 1e3) {
        return change;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // said below
    }
    throw new UserError(
        Setting.WEIGHT_DECAY_AT + " takes EPOCH:DECAY such as 40:0.1, not '" + text + "'");
  }

  public OptimSettings withLr(double other) {
    return new OptimSettings(
        name, other, momentum, weightDecay, noDecayNormBias, weightDecayAt, clipNorm);
  }
}
