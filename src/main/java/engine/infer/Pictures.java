package engine.infer;

import engine.data.image.PixelImage;
import java.awt.image.BufferedImage;

/** From the engine's pictures to Java's. */
public final class Pictures {
  private Pictures() {}

  public static BufferedImage buffered(PixelImage p) {
    BufferedImage b = new BufferedImage(p.width(), p.height(), BufferedImage.TYPE_INT_RGB);
    int c = p.channels();
    for (int i = 0; i < p.width() * p.height(); i++) {
      int r = p.data()[i * c] & 0xff;
      int g = c == 3 ? p.data()[i * c + 1] & 0xff : r;
      int bl = c == 3 ? p.data()[i * c + 2] & 0xff : r;
      b.setRGB(i % p.width(), i / p.width(), r << 16 | g << 8 | bl);
    }
    return b;
  }

  /** A small picture by a whole factor, so that its shorter side is about {@code side} pixels. */
  public static BufferedImage enlarged(BufferedImage b, int side) {
    int factor = side / Math.max(1, Math.min(b.getWidth(), b.getHeight()));
    if (factor < 2) {
      return b;
    }
    int w = b.getWidth() * factor;
    int h = b.getHeight() * factor;
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        out.setRGB(x, y, b.getRGB(x / factor, y / factor));
      }
    }
    return out;
  }
}
