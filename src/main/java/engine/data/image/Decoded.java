package engine.data.image;

/**
 * What a decoder found.
 *
 * @param orientation EXIF orientation 1 to 8 that the file asks for and {@code image} lacks
 */
record Decoded(PixelImage image, int orientation) {
  static Decoded upright(int width, int height, byte[] rgb) {
    return new Decoded(new PixelImage(width, height, 3, rgb), 1);
  }
}
