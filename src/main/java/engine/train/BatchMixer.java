package engine.train;

import engine.base.Seeds;
import engine.data.transform.Mixing;
import engine.picture.Mix;
import engine.recipe.Regularization;
import java.util.SplittableRandom;

/**
 * Decides how the pictures of a batch are mixed, by torchvision's references: one lambda holds for
 * a batch. The decision follows from the seed and the number of the batch, so a resumed run makes
 * the same.
 */
final class BatchMixer {
  /** Keeps these draws apart from those of the data. */
  private static final long KEY = 0x313;

  private final Regularization rule;
  private final long seed;

  BatchMixer(Regularization rule, long seed) {
    this.rule = rule;
    this.seed = seed;
  }

  /**
   * How a batch of pictures of that size is mixed.
   *
   * @param step number of the batch since the run began
   */
  Mix draw(long step, int height, int width) {
    SplittableRandom random = Seeds.stream(seed, step, KEY);
    boolean both = rule.mixup() > 0 && rule.cutmix() > 0;
    boolean blend = both ? random.nextBoolean() : rule.mixup() > 0;
    if (blend) {
      return new Mix(Mixing.lambda(rule.mixup(), random), null);
    }
    double lambda = Mixing.lambda(rule.cutmix(), random);
    return Mixing.cut(height, width, lambda, random);
  }
}
