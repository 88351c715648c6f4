package engine.recipe;

import com.google.gson.annotations.SerializedName;
import engine.backend.Backend;
import engine.base.Setting;
import engine.optim.LossScaler;
import engine.tensor.DType;
import java.util.List;

/**
 * What the loss is multiplied by before the backward, so that small gradients do not vanish in half
 * precision; see {@link LossScaler} for the rules.
 *
 * @param mode {@code auto}: dynamic where the run computes in fp16, else none; {@code none}; {@code
 *     dynamic}; or a number that stays
 * @param init the first scale of a dynamic one
 * @param growth factor after {@code interval} good steps in a row
 * @param backoff factor after a step with infinite or NaN gradients, which is skipped
 * @param interval good steps in a row before the scale grows
 */
public record LossScale(
    @SerializedName("loss_scale") String mode,
    @SerializedName("loss_scale_init") double init,
    @SerializedName("loss_scale_growth") double growth,
    @SerializedName("loss_scale_backoff") double backoff,
    @SerializedName("loss_scale_interval") int interval) {
  private static final List<String> NAMED = List.of("auto", "none", "dynamic");

  /** PyTorch's numbers. */
  public static final LossScale AUTO = new LossScale("auto", 65536, 2, 0.5, 2000);

  public LossScale {
    RecipeChecks.that(
        mode != null && (NAMED.contains(mode) || positive(mode)),
        Setting.LOSS_SCALE
            + " must be dynamic, none, or a number above 0 such as 1024, not '"
            + mode
            + "'");
    RecipeChecks.that(
        init > 0 && Float.isFinite((float) init) && (float) init > 0,
        Setting.LOSS_SCALE_INIT + " must be above 0 and fit a float, not " + init);
    RecipeChecks.that(
        growth > 1 && growth <= 1e6,
        Setting.LOSS_SCALE_GROWTH + " must be above 1 and at most 1000000, not " + growth);
    RecipeChecks.that(
        backoff > 0 && backoff < 1,
        Setting.LOSS_SCALE_BACKOFF + " must be above 0 and below 1, not " + backoff);
    RecipeChecks.that(
        interval >= 1, Setting.LOSS_SCALE_INTERVAL + " must be at least 1, not " + interval);
  }

  private static boolean positive(String number) {
    try {
      float x = Float.parseFloat(number);
      return x > 0 && Float.isFinite(x);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Whether gradients are multiples of a scale when the run computes in {@code precision}. */
  public boolean isUsed(Precision precision) {
    return mode.equals("auto") ? precision.compute() == DType.F16 : !mode.equals("none");
  }

  /** Whether the scale is a number that stays. */
  public boolean isFixed() {
    return !NAMED.contains(mode);
  }

  /** The scaler, which is fixed at 1 where none is used; the caller's. */
  public LossScaler on(Backend backend, Precision precision) {
    if (!isUsed(precision)) {
      return LossScaler.fixed(backend, 1);
    }
    return NAMED.contains(mode)
        ? new LossScaler(backend, init, growth, backoff, interval)
        : LossScaler.fixed(backend, Float.parseFloat(mode));
  }
}
