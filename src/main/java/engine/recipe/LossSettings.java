package engine.recipe;

import engine.base.Setting;

/**
 * What is made small.
 *
 * @param labelSmoothing share of the target that other classes get
 * @param smoothingMode {@code uniform}: eps/K on every class; {@code others}: eps/(K-1) on the
 *     others, by KL divergence
 * @param balance what is done about classes of uneven size
 * @param lossScale what the loss is multiplied by
 */
public record LossSettings(
    double labelSmoothing, String smoothingMode, Balance balance, LossScale lossScale) {
  public LossSettings {
    balance = balance == null ? Balance.NONE : balance;
    lossScale = lossScale == null ? LossScale.AUTO : lossScale;
    RecipeChecks.that(
        labelSmoothing >= 0 && labelSmoothing < 1,
        Setting.LABEL_SMOOTHING + " must be at least 0 and below 1, not " + labelSmoothing);
    RecipeChecks.oneOf(Setting.SMOOTHING_MODE, smoothingMode, "uniform", "others");
    RecipeChecks.that(
        !smoothingMode.equals("others") || !balance.hasWeights(),
        Setting.CLASS_WEIGHTS
            + " go with "
            + Setting.SMOOTHING_MODE
            + " uniform, not with others: choose one");
  }

  /** Cross-entropy of all pictures alike. */
  public static LossSettings of(double labelSmoothing) {
    return new LossSettings(labelSmoothing, "uniform", Balance.NONE, LossScale.AUTO);
  }

  public LossSettings withLossScale(LossScale other) {
    return new LossSettings(labelSmoothing, smoothingMode, balance, other);
  }
}
