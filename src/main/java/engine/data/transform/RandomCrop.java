package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.random.RandomGenerator;

/**
 * torchvision's {@code RandomCrop} of a square from the picture with a black border; the bordered
 * picture is never made.
 */
record RandomCrop(int size, int padding) implements Transform {
  RandomCrop {
    if (size < 1 || padding < 0) {
      throw new IllegalArgumentException(
          "a random crop has at least one pixel and no negative border, not "
              + size
              + " and "
              + padding);
    }
  }

  @Override
  public PixelImage apply(PixelImage image, RandomGenerator random) {
    return Crops.crop(image, draw(image.width(), image.height(), random));
  }

  /** The square for a picture of that size; in the border it reaches outside. */
  Region draw(int width, int height, RandomGenerator random) {
    int spareHeight = height + 2 * padding - size;
    int spareWidth = width + 2 * padding - size;
    if (spareHeight < 0 || spareWidth < 0) {
      throw new IllegalArgumentException(
          "a random crop of "
              + size
              + " does not fit a picture of "
              + width
              + "x"
              + height
              + " with a border of "
              + padding
              + ": resize it first or choose a smaller image size");
    }
    int top = Draws.upTo(random, spareHeight) - padding;
    int left = Draws.upTo(random, spareWidth) - padding;
    return new Region(top, left, size, size);
  }
}
