package engine.recipe;

import com.google.gson.annotations.SerializedName;
import engine.base.Setting;

/**
 * What happens to pictures before the network sees them.
 *
 * @param imageSize side of the pictures of training
 * @param evalSize side of the pictures of an evaluation, which may see more than training did
 *     (Touvron et al. 2019); 0 for {@code imageSize}
 * @param kind {@code crop} (random-resized crop, flip, jitter), {@code pad} (flip and padded crop,
 *     for small images), or {@code none}
 * @param jitter brightness and contrast jitter, each; 0 for none
 * @param preprocessing see {@link Preparation}; null for what the data has
 * @param regularization mixing, policies, and the moving average of weights
 */
public record AugmentSettings(
    int imageSize,
    int evalSize,
    @SerializedName("augment") String kind,
    double jitter,
    String preprocessing,
    Regularization regularization) {
  public AugmentSettings {
    regularization = regularization == null ? Regularization.NONE : regularization;
    var _ = Preparation.parse(preprocessing);
    RecipeChecks.that(
        imageSize >= 8 && imageSize <= 4096,
        Setting.IMAGE_SIZE + " must be between 8 and 4096, not " + imageSize);
    RecipeChecks.that(
        evalSize == 0 || (evalSize >= 8 && evalSize <= 4096),
        Setting.EVAL_SIZE + " must be between 8 and 4096, not " + evalSize);
    RecipeChecks.oneOf(Setting.AUGMENT, kind, "crop", "pad", "none");
    RecipeChecks.that(
        jitter >= 0 && jitter <= 1, Setting.JITTER + " must be between 0 and 1, not " + jitter);
  }

  /** With pictures prepared as the data has it. */
  public AugmentSettings(
      int imageSize, int evalSize, String kind, double jitter, Regularization regularization) {
    this(imageSize, evalSize, kind, jitter, null, regularization);
  }

  /** Random-resized crops, flips and a little jitter. */
  public static AugmentSettings crop(int imageSize) {
    return new AugmentSettings(imageSize, 0, "crop", 0.2, Regularization.NONE);
  }

  public Preparation preparation() {
    return Preparation.parse(preprocessing);
  }

  /** Side of the pictures of an evaluation. */
  int sideOfEvaluation() {
    return evalSize > 0 ? evalSize : imageSize;
  }

  /** Training on pictures of another size, and evaluations as they are. */
  public AugmentSettings at(int side) {
    return new AugmentSettings(
        side,
        side == sideOfEvaluation() ? 0 : sideOfEvaluation(),
        kind,
        jitter,
        preprocessing,
        regularization);
  }

  /** Training and evaluations on pictures of another size; an evaluation's own size stays. */
  public AugmentSettings withImageSize(int side) {
    return new AugmentSettings(side, evalSize, kind, jitter, preprocessing, regularization);
  }

  public AugmentSettings withRegularization(Regularization other) {
    return new AugmentSettings(imageSize, evalSize, kind, jitter, preprocessing, other);
  }
}
