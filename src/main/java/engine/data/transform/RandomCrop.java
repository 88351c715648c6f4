package engine.data.transform;

import engine.data.image.PixelImage;
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
    int spareHeight = image.height() + 2 * padding - size;
    int spareWidth = image.width() + 2 * padding - size;
    if (spareHeight < 0 || spareWidth < 0) {
      throw new IllegalArgumentException(
          "a random crop of "
              + size
              + " does not fit a picture of "
              + image.width()
              + "x"
              + image.height()
              + " with a border of "
              + padding
              + ": resize it first or choose a smaller image size");
    }
    int top = Draws.upTo(random, spareHeight) - padding;
    int left = Draws.upTo(random, spareWidth) - padding;
    return Crops.crop(image, new Region(top, left, size, size));
  }
}
