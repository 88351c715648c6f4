package engine.recipe;

import engine.base.Setting;
import engine.base.UserError;
import engine.data.transform.Interpolation;
import engine.data.transform.Transform;
import engine.data.transform.Transforms;

/**
 * What keeps a network from learning its pictures by heart, beyond crops, flips and smoothing.
 *
 * @param policy {@code none}, {@code randaugment[:N,M]} (N operations of magnitude M) or {@code
 *     trivialaugment}
 * @param erasing probability of erasing a rectangle
 * @param mixup alpha of mixup's Beta distribution; 0 for none
 * @param cutmix alpha of cutmix's; 0 for none; with both, each batch draws one of the two
 * @param mixOffEpoch epochs after which neither mixes any more; 0 to mix to the end
 * @param ema decay of the moving average of weights that is evaluated beside them; 0 for none
 */
public record Regularization(
    String policy, double erasing, double mixup, double cutmix, int mixOffEpoch, double ema) {
  public static final Regularization NONE = new Regularization("none", 0, 0, 0, 0, 0);

  public Regularization {
    RecipeChecks.that(policy != null, Setting.POLICY + " is missing");
    parse(policy);
    RecipeChecks.share(Setting.ERASING, erasing);
    RecipeChecks.that(
        mixup >= 0 && mixup < 100, Setting.MIXUP + " must be 0 or more, not " + mixup);
    RecipeChecks.that(
        cutmix >= 0 && cutmix < 100, Setting.CUTMIX + " must be 0 or more, not " + cutmix);
    RecipeChecks.that(
        mixOffEpoch >= 0, Setting.MIX_OFF_EPOCH + " must be 0 or more, not " + mixOffEpoch);
    RecipeChecks.that(
        mixOffEpoch == 0 || mixup > 0 || cutmix > 0,
        Setting.MIX_OFF_EPOCH
            + " needs "
            + Setting.MIXUP
            + " or "
            + Setting.CUTMIX
            + ": there is nothing to end");
    RecipeChecks.that(
        ema >= 0 && ema < 1, Setting.EMA + " must be at least 0 and below 1, not " + ema);
  }

  /** The same without a moving average. */
  public Regularization withoutEma() {
    return new Regularization(policy, erasing, mixup, cutmix, mixOffEpoch, 0);
  }

  /** Whether any batch of the run is mixed, so that targets are distributions. */
  public boolean mixes() {
    return mixup > 0 || cutmix > 0;
  }

  public boolean mixesIn(int epoch) {
    return mixes() && (mixOffEpoch == 0 || epoch < mixOffEpoch);
  }

  public boolean hasEma() {
    return ema > 0;
  }

  /** The policy's transform, or null for none. */
  Transform transform() {
    return parse(policy);
  }

  private static Transform parse(String policy) {
    String[] parts = policy.split(":", 2);
    try {
      switch (parts[0]) {
        case "none" -> {
          return null;
        }
        case "trivialaugment" -> {
          return Transforms.trivialAugment(Interpolation.BILINEAR);
        }
        case "randaugment" -> {
          String[] numbers = parts.length == 1 ? new String[] {"2", "9"} : parts[1].split(",");
          return Transforms.randAugment(
              Integer.parseInt(numbers[0].strip()),
              Integer.parseInt(numbers[1].strip()),
              Interpolation.BILINEAR);
        }
        default -> throw wrong(policy, null);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw wrong(policy, e);
    }
  }

  private static UserError wrong(String policy, Exception cause) {
    return new UserError(
        (Setting.POLICY
                + " must be none, trivialaugment, randaugment or randaugment:N,M with a magnitude M up to 30, not '%s'")
            .formatted(policy),
        cause);
  }
}
