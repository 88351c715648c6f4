package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.random.RandomGenerator;

/**
 * torchvision's {@code Resize}: to an exact size, or of the shorter side with the longer one in
 * proportion.
 *
 * @param height the exact height, or the shorter side where {@code width} is 0
 * @param width the exact width, or 0
 * @param maxSize the most that the longer side may become, or 0 for no limit
 */
record Resize(int height, int width, int maxSize, Interpolation interpolation)
    implements Transform {
  Resize {
    if (height < 1 || width < 0) {
      throw new IllegalArgumentException("resize to at least one pixel, not " + height);
    }
    if (maxSize != 0 && maxSize <= height) {
      throw new IllegalArgumentException(
          "max_size " + maxSize + " must be larger than the shorter side, " + height);
    }
  }

  static Resize shorterSide(int size, Interpolation interpolation) {
    return new Resize(size, 0, 0, interpolation);
  }

  @Override
  public PixelImage apply(PixelImage image, RandomGenerator random) {
    int w = outputWidth(image);
    int h = outputHeight(image);
    if (w == image.width() && h == image.height()) {
      return image;
    }
    if ((long) w * h * image.channels() > Integer.MAX_VALUE) {
      throw tooNarrow(image);
    }
    Region all = Region.whole(image.width(), image.height());
    return Resampler.resize(image, all, w, h, interpolation);
  }

  int outputWidth(PixelImage image) {
    if (width > 0) {
      return width;
    }
    return image.width() <= image.height() ? newShort(image) : newLong(image);
  }

  int outputHeight(PixelImage image) {
    if (width > 0) {
      return height;
    }
    return image.width() <= image.height() ? newLong(image) : newShort(image);
  }

  private int newShort(PixelImage image) {
    int scaled = scaledLong(image);
    if (maxSize > 0 && scaled > maxSize) {
      return Math.max(1, (int) ((double) ((long) maxSize * height) / scaled));
    }
    return height;
  }

  private int newLong(PixelImage image) {
    int scaled = scaledLong(image);
    return maxSize > 0 && scaled > maxSize ? maxSize : scaled;
  }

  /** The longer side in proportion, truncated as Python's {@code int(size * long / short)}. */
  private int scaledLong(PixelImage image) {
    int s = Math.min(image.width(), image.height());
    int l = Math.max(image.width(), image.height());
    double scaled = (double) ((long) height * l) / s;
    if (scaled > Integer.MAX_VALUE) {
      throw tooNarrow(image);
    }
    return (int) scaled;
  }

  private IllegalArgumentException tooNarrow(PixelImage image) {
    return new IllegalArgumentException(
        "a picture of "
            + image.width()
            + "x"
            + image.height()
            + " is too narrow to resize its shorter side to "
            + height
            + ": crop it or leave it out");
  }
}
