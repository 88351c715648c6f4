package engine.data.image;

/**
 * An 8-bit picture in memory: rows from the top, pixels from the left, channels interleaved (HWC).
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param channels 1 (gray) or 3 (red, green, blue)
 * @param data {@code height * width * channels} unsigned bytes; shared, not copied: treat it as
 *     read-only
 */
public record PixelImage(int width, int height, int channels, byte[] data) {
  public PixelImage {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "an image has at least one pixel, not " + width + "x" + height);
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "an image has 1 (gray) or 3 (RGB) channels, not " + channels);
    }
    if (data.length != (long) width * height * channels) {
      throw new IllegalArgumentException(
          width + "x" + height + "x" + channels + " pixels do not fit " + data.length + " bytes");
    }
  }
}
