package engine.recipe;

import engine.base.Setting;

/**
 * What a run leaves as it found it, and how fast the rest may move.
 *
 * @param freeze the last stage that is not trained, such as {@code layer2}; see {@link
 *     ModelStages}; {@code none} trains all
 * @param unfreezeEvery epochs after which one more frozen stage, from the classifier's end, is
 *     trained (gradual unfreezing: Howard and Ruder 2018, section 3.3); 0 for never
 * @param frozenNorms which norms keep their running statistics: {@code none}, {@code frozen} (those
 *     of frozen stages) or {@code all}
 * @param layerDecay factor on the learning rate from each stage to the one before it; 1 for one
 *     rate
 * @param headEpochs epochs, and parts of one, at the beginning in which the classifier alone is
 *     trained: its weights are random, and what they send back would spoil trained ones
 */
public record FineTuning(
    String freeze, int unfreezeEvery, String frozenNorms, double layerDecay, double headEpochs) {
  public static final String NO_STAGE = "none";

  /** Everything is trained alike. */
  public static final FineTuning NONE = new FineTuning(NO_STAGE, 0, "frozen", 1, 0);

  public FineTuning {
    RecipeChecks.that(
        freeze != null && !freeze.isBlank(),
        Setting.FREEZE + " must name a stage such as layer2, or none");
    RecipeChecks.that(
        unfreezeEvery >= 0,
        Setting.UNFREEZE_EVERY + " must be 0 or more epochs, not " + unfreezeEvery);
    RecipeChecks.that(
        unfreezeEvery == 0 || !freeze.equals(NO_STAGE),
        Setting.UNFREEZE_EVERY + " needs " + Setting.FREEZE + ": there is nothing to unfreeze");
    RecipeChecks.oneOf(Setting.FROZEN_NORMS, frozenNorms, "none", "frozen", "all");
    RecipeChecks.that(
        layerDecay > 0 && layerDecay <= 1,
        Setting.LAYER_DECAY + " must be above 0 and at most 1, not " + layerDecay);
    RecipeChecks.that(
        headEpochs >= 0 && headEpochs <= 1e6,
        Setting.HEAD_EPOCHS + " must be 0 or more epochs, not " + headEpochs);
  }

  /** With every stage trained at its own rate from the first step. */
  public FineTuning(String freeze, int unfreezeEvery, String frozenNorms, double layerDecay) {
    this(freeze, unfreezeEvery, frozenNorms, layerDecay, 0);
  }

  public FineTuning withHeadEpochs(double other) {
    return new FineTuning(freeze, unfreezeEvery, frozenNorms, layerDecay, other);
  }

  /**
   * Batches at the beginning of a run in which the classifier alone is trained.
   *
   * @param batches of a pass over all pictures
   */
  public long headBatches(int batches) {
    return Math.round(headEpochs * batches);
  }

  /** The same rates with every stage trained. */
  public FineTuning withoutFreezing() {
    return new FineTuning(NO_STAGE, 0, "frozen", layerDecay, 0);
  }

  /** How many of {@code frozen} stages, from the input on, are still frozen in an epoch. */
  public int frozenIn(int epoch, int frozen) {
    return unfreezeEvery == 0 ? frozen : Math.max(0, frozen - epoch / unfreezeEvery);
  }
}
