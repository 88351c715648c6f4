package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.random.RandomGenerator;

/**
 * torchvision's {@code RandomResizedCrop}: a rectangle of random area and aspect ratio, resized to
 * a square (the crop of the Inception papers).
 *
 * @param size side of the result in pixels
 * @param minScale least part of the picture's area, in (0, 1]
 * @param maxScale greatest part of it
 * @param minRatio least width / height of the rectangle
 * @param maxRatio greatest width / height
 */
public record RandomResizedCrop(
    int size,
    double minScale,
    double maxScale,
    double minRatio,
    double maxRatio,
    Interpolation interpolation)
    implements Transform {
  private static final int TRIES = 10;

  public RandomResizedCrop {
    if (size < 1) {
      throw new IllegalArgumentException("an image size is at least 1 pixel, not " + size);
    }
    if (!(minScale > 0 && minScale <= maxScale && maxScale <= 1)) {
      throw new IllegalArgumentException(
          "the scale of a random crop is a range within (0, 1], not " + minScale + ".." + maxScale);
    }
    if (!(minRatio > 0 && minRatio <= maxRatio && maxRatio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the ratio of a random crop is a positive range, not " + minRatio + ".." + maxRatio);
    }
  }

  @Override
  public PixelImage apply(PixelImage image, RandomGenerator random) {
    Region r = draw(image.width(), image.height(), random);
    return Resampler.resize(image, r, size, size, interpolation);
  }

  /**
   * The rectangle for a picture of that size: the first of ten draws that fits; failing that, the
   * largest central one whose ratio is allowed.
   */
  public Region draw(int width, int height, RandomGenerator random) {
    double area = (double) width * height;
    for (int t = 0; t < TRIES; t++) {
      double target = area * Draws.uniform(random, minScale, maxScale);
      double ratio = Draws.logUniform(random, minRatio, maxRatio);
      int w = Draws.round(Math.sqrt(target * ratio));
      int h = Draws.round(Math.sqrt(target / ratio));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        int top = Draws.upTo(random, height - h);
        int left = Draws.upTo(random, width - w);
        return new Region(top, left, h, w);
      }
    }
    double ratio = (double) width / height;
    int w = width;
    int h = height;
    if (ratio < minRatio) {
      h = Math.clamp(Draws.round(width / minRatio), 1, height);
    } else if (ratio > maxRatio) {
      w = Math.clamp(Draws.round(height * maxRatio), 1, width);
    }
    return new Region((height - h) / 2, (width - w) / 2, h, w);
  }
}
