package engine.data.image;

/**
 * A picture of unsigned bytes, height by width by channel (HWC), rows from top to bottom.
 *
 * @param channels 1 (gray) or 3 (red, green, blue)
 * @param data {@code height * width * channels} bytes; shared, not copied
 */
public record PixelImage(int width, int height, int channels, byte[] data) {
  public PixelImage {
    if (width <= 0 || height <= 0 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "no picture is " + width + "x" + height + " with " + channels + " channels");
    }
    if (data.length != (long) width * height * channels) {
      throw new IllegalArgumentException(
          width + "x" + height + "x" + channels + " needs other than " + data.length + " bytes");
    }
  }
}
