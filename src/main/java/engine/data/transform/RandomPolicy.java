package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.random.RandomGenerator;

/**
 * RandAugment (Cubuk et al., arXiv:1909.13719) and TrivialAugment Wide (Müller and Hutter,
 * arXiv:2103.10158) with torchvision's operations and magnitudes, of which there are 31 steps.
 */
final class RandomPolicy implements Transform {
  private static final int BINS = 31;
  private static final int OPS = PolicyOp.values().length;

  private final int operations;
  private final int magnitude;
  private final Interpolation interpolation;

  /**
   * @param magnitude of every operation, 0..30; -1 for TrivialAugment: drawn for each
   */
  private RandomPolicy(int operations, int magnitude, Interpolation interpolation) {
    this.operations = operations;
    this.magnitude = magnitude;
    this.interpolation = interpolation;
  }

  /**
   * @param operations one after another, each drawn
   * @param magnitude 0..30
   */
  static RandomPolicy randAugment(int operations, int magnitude, Interpolation interpolation) {
    if (operations < 1 || magnitude < 0 || magnitude >= BINS) {
      throw new IllegalArgumentException(
          "RandAugment does 1 or more operations of magnitude 0..30, not %d of %d"
              .formatted(operations, magnitude));
    }
    return new RandomPolicy(operations, magnitude, interpolation);
  }

  static RandomPolicy trivialAugment(Interpolation interpolation) {
    return new RandomPolicy(1, -1, interpolation);
  }

  @Override
  public PixelImage apply(PixelImage image, RandomGenerator random) {
    PixelImage out = image;
    for (int i = 0; i < operations; i++) {
      PolicyOp op = PolicyOp.values()[random.nextInt(OPS)];
      int bin = magnitude >= 0 ? magnitude : random.nextInt(BINS);
      double m = magnitude(op, bin, magnitude < 0, out.width(), out.height());
      out = op.apply(out, op.signed && random.nextBoolean() ? -m : m, interpolation);
    }
    return out;
  }

  /**
   * @param wide TrivialAugment's wider ranges
   */
  static double magnitude(PolicyOp op, int bin, boolean wide, int width, int height) {
    return switch (op) {
      case IDENTITY, AUTO_CONTRAST, EQUALIZE -> 0;
      case SHEAR_X, SHEAR_Y -> linspace(0, wide ? 0.99 : 0.3, bin);
      case TRANSLATE_X -> linspace(0, wide ? 32 : 150.0 / 331 * width, bin);
      case TRANSLATE_Y -> linspace(0, wide ? 32 : 150.0 / 331 * height, bin);
      case ROTATE -> linspace(0, wide ? 135 : 30, bin);
      case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> linspace(0, wide ? 0.99 : 0.9, bin);
      case POSTERIZE -> 8 - Math.rint(bin / (float) ((BINS - 1) / (wide ? 6.0 : 4.0)));
      case SOLARIZE -> linspace(255, 0, bin);
    };
  }

  /** {@code torch.linspace(start, end, 31)[i]}, which counts from both ends in fused fp32. */
  private static double linspace(double start, double end, int i) {
    float step = ((float) end - (float) start) / (BINS - 1);
    return i < BINS / 2
        ? Math.fma(step, i, (float) start)
        : Math.fma(-step, BINS - 1 - i, (float) end);
  }
}
