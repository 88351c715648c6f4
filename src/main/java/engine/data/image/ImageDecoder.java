package engine.data.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Stand-in until the real decoder lands: RGB through ImageIO. */
public final class ImageDecoder {
  private ImageDecoder() {}

  public static boolean looksLikeImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.matches(".*\\.(jpe?g|png|bmp|gif|webp)");
  }

  public static PixelImage decode(Path file, boolean applyExifOrientation)
      throws ImageDecodeException {
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | RuntimeException e) {
      throw new ImageDecodeException("not a readable picture: " + e.getMessage(), e);
    }
    if (image == null) {
      throw new ImageDecodeException("not a picture of a known format");
    }
    int w = image.getWidth();
    int h = image.getHeight();
    int[] rgb = image.getRGB(0, 0, w, h, null, 0, w);
    byte[] data = new byte[w * h * 3];
    for (int i = 0; i < rgb.length; i++) {
      data[3 * i] = (byte) (rgb[i] >> 16);
      data[3 * i + 1] = (byte) (rgb[i] >> 8);
      data[3 * i + 2] = (byte) rgb[i];
    }
    return new PixelImage(w, h, 3, data);
  }
}
