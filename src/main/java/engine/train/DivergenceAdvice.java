package engine.train;

import engine.base.Setting;
import engine.recipe.Recipe;

/**
 * What to do about a training that gives no finite numbers, in the options of the command that
 * trains.
 *
 * @param recipe of the run
 * @param quantizing whether a checkpoint is trained on by {@code engine quantize}, which has few of
 *     the options of {@code engine train}
 */
record DivergenceAdvice(Recipe recipe, boolean quantizing) {
  /** Steps were taken: they were too large. */
  String lower(double lr) {
    String clip =
        quantizing
            ? ""
            : recipe.optim().clipNorm() > 0
                ? " or %s (%s)".formatted(Setting.CLIP_NORM, recipe.optim().clipNorm())
                : " or set %s 1".formatted(Setting.CLIP_NORM);
    return "lower %s (it is %s)%s".formatted(Setting.LR, lr, clip);
  }

  /** No step has been taken yet: no rate is to blame. */
  String beforeAnyStep() {
    if (quantizing) {
      return "take an earlier checkpoint, this one overflows before the first step";
    }
    return recipe.model().weights() != null
        ? "take other " + Setting.WEIGHTS + ", these overflow before the first step"
        : recipe.compute().precision().equals("fp32")
            ? "choose a smaller "
                + Setting.WIDTH
                + " or "
                + Setting.IMAGE_SIZE
                + ", the network overflows before the first step"
            : "use " + Setting.PRECISION + " fp32, the network overflows before the first step";
  }
}
