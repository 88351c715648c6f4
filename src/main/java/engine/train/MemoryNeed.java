package engine.train;

import engine.backend.Backend;
import engine.backend.OutOfDeviceMemoryException;
import engine.base.Setting;
import engine.base.UserError;
import engine.infer.Ensemble;
import engine.infer.LoadedModel;
import engine.model.NetworkConfig;
import engine.model.NetworkSize;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;

/**
 * Refuses work that cannot fit into memory before any is taken, from sizes alone. What is counted
 * here is less than what the work takes, so that nothing is refused that would fit; the batch that
 * is named instead is reckoned with what steps take beyond it.
 *
 * @param fixed bytes whatever the batch
 * @param perPicture bytes on the device for each picture of a batch
 * @param host bytes for each picture in the Java process
 * @param margin how many times {@code perPicture} a real step takes, measured on ResNet-50 at 224
 *     pixels: 1.8 in training, about 3 (input, output and shortcut of one layer) in inference
 */
public record MemoryNeed(long fixed, long perPicture, long host, double margin) {
  /** Parameters, gradients, and two moments. */
  private static final int STATES = 4;

  /** So many times the memory is far from fitting: the answer is given without measuring. */
  private static final double ABSURD = 4;

  private static final double MIB = 1 << 20;

  /** Batches of pixels that the loader has under way. */
  private static final int LOADED = 3;

  /**
   * Refuses a training step of a recipe that cannot fit.
   *
   * @param pictures of its batch
   * @throws UserError that says what is needed, what there is, and which batch fits
   */
  public static void requireTraining(Backend backend, Recipe r, ModelInfo info, int pictures) {
    ofTraining(info.model(), r.augment().imageSize(), compute(backend, r))
        .require(backend, info.model(), pictures, r.augment().imageSize());
  }

  /** The same for an answer to a batch of the recipe. */
  public static void requireInference(Backend backend, Recipe r, ModelInfo info) {
    ofInference(info.model(), r.augment().imageSize(), compute(backend, r))
        .require(backend, info.model(), r.schedule().batch(), r.augment().imageSize());
  }

  /**
   * The most pictures at a time that models can answer, at most {@code wanted}.
   *
   * @throws UserError if not even one picture fits
   */
  public static int fitting(Ensemble models, int wanted) {
    int fits = wanted;
    Backend backend = models.backend();
    for (LoadedModel m : models.models()) {
      var seen = m.info().preprocessing();
      int side = Math.max(seen.crop(), seen.crop() == 0 ? seen.resize() : 0);
      if (side > 0) {
        MemoryNeed need = ofInference(m.info().model(), side, DType.F32);
        need.require(backend, m.info().model(), 1, side);
        fits = Math.clamp(need.fitting(backend, m.info().model(), side), 1, fits);
      }
    }
    return fits;
  }

  private static DType compute(Backend backend, Recipe r) {
    return Precision.of(r.compute().precision(), backend, _ -> {}).compute();
  }

  static MemoryNeed ofTraining(NetworkConfig model, int side, DType computes) {
    NetworkSize size = NetworkSize.of(model, side);
    long pixels = (long) model.inChannels() * side * side;
    return new MemoryNeed(
        STATES * 4 * size.parameters(),
        4 * pixels + computes.bytes() * size.activations(),
        LOADED * pixels,
        2);
  }

  static MemoryNeed ofInference(NetworkConfig model, int side, DType computes) {
    NetworkSize size = NetworkSize.of(model, side);
    long pixels = (long) model.inChannels() * side * side;
    return new MemoryNeed(
        4 * size.parameters(), 4 * pixels + computes.bytes() * size.largest(), LOADED * pixels, 3);
  }

  /**
   * @param pictures of a batch
   * @param side of a picture
   * @throws UserError that says what is needed, what there is, and which batch fits
   */
  void require(Backend backend, NetworkConfig model, int pictures, int side) {
    long usable = backend.memory().usableBytes();
    if (fixed > usable) {
      throw new UserError(
          ("%s of this width takes at least %,d MiB of memory for its weights and %,d MiB may be used: use a smaller "
                  + Setting.WIDTH
                  + " or "
                  + Setting.MODEL)
              .formatted(model.name(), fixed >> 20, usable >> 20));
    }
    if (fitsSurely(model, side, pictures, usable)) {
      return;
    }
    int fits = fitting(backend, model, side);
    String picture = "%dx%d".formatted(side, side);
    if (fits < 1) {
      throw new UserError(
          ("not even one picture of %s fits: it needs at least %,d MiB of memory and %,d MiB may be used; use a smaller "
                  + Setting.IMAGE_SIZE
                  + ", "
                  + Setting.WIDTH
                  + " or "
                  + Setting.MODEL)
              .formatted(picture, (fixed + perPicture) >> 20, usable >> 20));
    }
    String said =
        ("a batch of %,d pictures of %s %s: " + Setting.BATCH + " %d should fit")
            .formatted(pictures, picture, limit(pictures, usable), fits);
    if (fixed + (double) pictures * perPicture > ABSURD * usable) {
      throw new UserError(said);
    }
    // Who has the time measures what fits.
    throw new OutOfDeviceMemoryException(said, usable);
  }

  private String limit(int pictures, long usable) {
    double device = fixed + (double) pictures * perPicture;
    double java = (double) pictures * host;
    long most = Runtime.getRuntime().maxMemory();
    if (device > usable) {
      return "needs at least %,.0f MiB of memory and %,d MiB may be used"
          .formatted(device / MIB, usable >> 20);
    }
    return java > most
        ? "needs at least %,.0f MiB of Java's memory and %,d MiB may be used (-Xmx)"
            .formatted(java / MIB, most >> 20)
        : "has more values than one tensor may have, %,d".formatted(Integer.MAX_VALUE);
  }

  private boolean fitsSurely(NetworkConfig model, int side, int pictures, long usable) {
    long values = (long) model.inChannels() * side * side;
    return fixed + (double) pictures * perPicture <= usable
        && (double) pictures * host <= Runtime.getRuntime().maxMemory()
        && (double) pictures * values <= Integer.MAX_VALUE;
  }

  /** A batch that leaves room for what is not counted here; 0 where not even one picture does. */
  int fitting(Backend backend, NetworkConfig model, int side) {
    double device = (backend.memory().usableBytes() - fixed) / (margin * perPicture);
    double java = Runtime.getRuntime().maxMemory() / 2.0 / host;
    double values = (double) Integer.MAX_VALUE / model.inChannels() / side / side;
    int fits = (int) Math.min(1 << 16, Math.min(device, Math.min(java, values)));
    if (fits == 0 && fitsSurely(model, side, 1, backend.memory().usableBytes())) {
      return 1;
    }
    return fits >= 32 ? fits / 8 * 8 : Math.max(0, fits);
  }
}
