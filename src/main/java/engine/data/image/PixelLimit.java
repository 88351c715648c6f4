package engine.data.image;

import java.util.Locale;

/** How large a picture may be; asked before any memory is taken for it. */
final class PixelLimit {
  /** Pillow's: twice {@code Image.MAX_IMAGE_PIXELS}, from where it calls a file a bomb. */
  static final long MAX_PIXELS = 178_956_970;

  private PixelLimit() {}

  /** Fails for a picture without pixels and for one with more than {@link #MAX_PIXELS}. */
  static void check(long width, long height) throws CorruptImage {
    if (width <= 0 || height <= 0) {
      throw new CorruptImage("its header says " + width + "x" + height + " pixels");
    }
    // Each side is below 2^32: the product of two such numbers may not fit a long.
    if (width > MAX_PIXELS || height > MAX_PIXELS || width * height > MAX_PIXELS) {
      throw new CorruptImage(
          String.format(
              Locale.ROOT,
              "its header says %,dx%,d pixels, more than the limit of %,d",
              width,
              height,
              MAX_PIXELS),
          "shrink the picture or remove it");
    }
  }

  /** An RGB buffer for a picture that passed {@link #check}. */
  static byte[] rgb(long width, long height) throws CorruptImage {
    check(width, height);
    return new byte[(int) (width * height * 3)];
  }
}
