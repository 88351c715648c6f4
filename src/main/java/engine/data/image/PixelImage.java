package engine.data.image;

/**
 * A decoded picture: rows top to bottom, pixels left to right, channels interleaved (H, W, C), unsigned bytes.
 *
 * @param channels 1 (gray) or 3 (red, green, blue)
 * @param data {@code height * width * channels} bytes
 */
public record PixelImage(int width, int height, int channels, byte[] data) {}
