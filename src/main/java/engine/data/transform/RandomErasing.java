package engine.data.transform;

import engine.picture.Normalization;
import engine.picture.Region;
import java.util.random.RandomGenerator;

/**
 * torchvision's {@code RandomErasing} (Zhong et al., arXiv:1708.04896): with probability {@code p},
 * a rectangle of a normalised image becomes one value.
 *
 * @param minScale least part of the image's area that is erased
 * @param minRatio least height / width of the rectangle
 */
public record RandomErasing(
    double p, double minScale, double maxScale, double minRatio, double maxRatio, float value) {
  private static final int TRIES = 10;

  public RandomErasing {
    Draws.probability(p);
    if (!(minScale >= 0 && minScale <= maxScale && maxScale <= 1)) {
      throw new IllegalArgumentException(
          "the scale of an erasure is a range within 0..1, not " + minScale + ".." + maxScale);
    }
    if (!(minRatio > 0 && minRatio <= maxRatio)) {
      throw new IllegalArgumentException(
          "the ratio of an erasure is a positive range, not " + minRatio + ".." + maxRatio);
    }
  }

  /** torchvision's defaults: area 0.02 to 0.33, ratio 0.3 to 3.3, value 0. */
  public static RandomErasing of(double p) {
    return new RandomErasing(p, 0.02, 0.33, 0.3, 3.3, 0);
  }

  /** The bytes of an erased pixel that is normalised later. */
  byte[] fill(Normalization norm) {
    byte[] fill = new byte[norm.channels()];
    for (int c = 0; c < fill.length; c++) {
      double level = 255.0 * (value * norm.std()[c] + norm.mean()[c]);
      fill[c] = (byte) (int) Math.clamp(Math.rint(level), 0, 255);
    }
    return fill;
  }

  /** The rectangle to erase, or null for none: with probability 1 - p, or if none fits. */
  Region draw(int height, int width, RandomGenerator random) {
    if (random.nextDouble() >= p) {
      return null;
    }
    double area = (double) height * width;
    for (int t = 0; t < TRIES; t++) {
      double target = area * Draws.uniform(random, minScale, maxScale);
      double ratio = Draws.logUniform(random, minRatio, maxRatio);
      int h = Draws.round(Math.sqrt(target * ratio));
      int w = Draws.round(Math.sqrt(target / ratio));
      if (h > 0 && w > 0 && h < height && w < width) {
        int top = Draws.upTo(random, height - h);
        int left = Draws.upTo(random, width - w);
        return new Region(top, left, h, w);
      }
    }
    return null;
  }

  /**
   * Pixels of which those in a rectangle are {@code fill}.
   *
   * @param pixels row by row, of {@code fill.length} bytes each
   * @param width of the picture, in pixels
   */
  public static byte[] erase(byte[] pixels, int width, Region r, byte[] fill) {
    byte[] out = pixels.clone();
    int height = pixels.length / fill.length / width;
    if (!r.inside(width, height)) {
      throw new IllegalArgumentException(r + " is not inside an image of " + width + "x" + height);
    }
    for (int y = r.top(); y < r.bottom(); y++) {
      int at = (y * width + r.left()) * fill.length;
      for (int i = 0; i < r.width() * fill.length; i++) {
        out[at + i] = fill[i % fill.length];
      }
    }
    return out;
  }
}
