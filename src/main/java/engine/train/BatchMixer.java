package engine.train;

import engine.base.Seeds;
import engine.data.Batch;
import engine.data.transform.Mixing;
import engine.run.Regularization;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Decides how the pictures of a batch are mixed, by torchvision's references: the partner of
 * picture i is picture i - 1, that of the first the last, and one lambda holds for a batch. The
 * decision follows from the seed and the number of the batch, so a resumed run makes the same.
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
   * How a batch is mixed.
   *
   * @param lambda the part of the picture's own target
   * @param box what the partner's pixels replace: left, top, right, bottom; null for mixup
   */
  record Mix(double lambda, int[] box) {
    /** Every picture is its own. */
    static final Mix NONE = new Mix(1, null);

    boolean blends() {
      return box == null && lambda < 1;
    }
  }

  /**
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
    int[] box = Mixing.cutBox(height, width, lambda, random);
    return new Mix(Mixing.cutmixLambda(height, width, box), box);
  }

  /** CutMix on the pixels themselves, in place. */
  static void paste(Batch b, int[] box) {
    long row = (long) b.width() * b.channels();
    long picture = b.height() * row;
    long from = (long) box[0] * b.channels();
    long bytes = (long) (box[2] - box[0]) * b.channels();
    if (bytes == 0 || b.size() == 1) {
      return;
    }
    MemorySegment p = b.pixels();
    byte[] last = p.asSlice((b.size() - 1) * picture, picture).toArray(ValueLayout.JAVA_BYTE);
    for (int i = b.size() - 1; i >= 0; i--) {
      for (int y = box[1]; y < box[3]; y++) {
        long at = y * row + from;
        if (i > 0) {
          MemorySegment.copy(p, (i - 1) * picture + at, p, i * picture + at, bytes);
        } else {
          MemorySegment.copy(MemorySegment.ofArray(last), at, p, at, bytes);
        }
      }
    }
  }

  /** The partners of a batch's pictures, in its order. */
  static void partners(Batch b, MemorySegment to) {
    MemorySegment p = b.pixels();
    long picture = p.byteSize() / b.size();
    long rest = p.byteSize() - picture;
    MemorySegment.copy(p, rest, to, 0, picture);
    MemorySegment.copy(p, 0, to, picture, rest);
  }
}
