package engine.base;

import java.util.Locale;

/**
 * What a message may ask a user to set. A sentence such as "use a smaller --batch" names the
 * setting and not the words that set it: those are options of {@code cli}, and this is the one
 * place below it where they are made. A test holds each to be an option of some command.
 */
public enum Setting {
  ACCUMULATE,
  ALLOW_BAD_IMAGES,
  ALLOW_CHANGED_IMAGES,
  ATTENTION,
  AUGMENT,
  AUGMENT_ON,
  AUTOTUNE,
  BATCH,
  CACHE_IMAGES,
  CALIBRATION,
  CHECKPOINT,
  CLASSES,
  CLASS_WEIGHTS,
  CLIP_NORM,
  CONFIG,
  CUTMIX,
  DATA,
  DEVICE,
  DROPOUT,
  EAGER,
  EMA,
  EPOCHS,
  ERASING,
  EVAL_SIZE,
  EXTENDED,
  FOLD,
  FOLDS,
  FORCE,
  FREEZE,
  FROM,
  FROZEN_NORMS,
  GPU,
  IMAGE_SIZE,
  JITTER,
  LABEL_SMOOTHING,
  LAYER_DECAY,
  LIMIT_TRAIN,
  LIMIT_VAL,
  LOSS_SCALE,
  LOSS_SCALE_BACKOFF,
  LOSS_SCALE_GROWTH,
  LOSS_SCALE_INIT,
  LOSS_SCALE_INTERVAL,
  LR,
  MIRROR,
  MIXUP,
  MIX_OFF_EPOCH,
  MODEL,
  MOMENTUM,
  OPSET,
  OPTIMIZER,
  OUT,
  PATIENCE,
  PLAN,
  POLICY,
  PRECISION,
  PRETRAINED,
  PREPROCESSING,
  RESUME,
  SAMPLER,
  SCHEDULER,
  SECONDS,
  SEEDS,
  SMOOTHING_MODE,
  STATE_DICT,
  STEM,
  STEPS,
  UNFREEZE_EVERY,
  VAL_FRACTION,
  WEIGHTS,
  WEIGHT_DECAY,
  WEIGHT_DECAY_AT,
  WIDTH,
  WITH_PREPROCESSING,
  WORKERS,
  ZERO_INIT_RESIDUAL;

  /** As it is typed: {@code --image-size} for {@link #IMAGE_SIZE}. */
  @Override
  public String toString() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
