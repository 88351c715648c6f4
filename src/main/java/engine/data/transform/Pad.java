package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A border of {@code border} pixels on all four sides.
 *
 * @param fill the value of a constant border, 0..255
 */
record Pad(int border, PaddingMode mode, int fill) implements Transform {
  Pad {
    if (border < 0 || fill < 0 || fill > 255) {
      throw new IllegalArgumentException(
          "a border is 0 or more pixels of 0..255, not " + border + " of " + fill);
    }
  }

  @Override
  public PixelImage apply(PixelImage image, RandomGenerator random) {
    if (border == 0) {
      return image;
    }
    int c = image.channels();
    int w = Math.addExact(image.width(), 2 * border);
    int h = Math.addExact(image.height(), 2 * border);
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(w, h), c)];
    if (mode == PaddingMode.CONSTANT) {
      Arrays.fill(out, (byte) fill);
    }
    int inner = image.width() * c;
    for (int y = 0; y < h; y++) {
      boolean outside = y < border || y >= border + image.height();
      if (outside && mode == PaddingMode.CONSTANT) {
        continue;
      }
      int row = outside ? mode.source(y - border, image.height()) : y - border;
      System.arraycopy(image.data(), row * inner, out, (y * w + border) * c, inner);
      if (mode != PaddingMode.CONSTANT) {
        fillSides(image, row, out, y * w * c);
      }
    }
    return new PixelImage(w, h, c, out);
  }

  private void fillSides(PixelImage image, int row, byte[] out, int to) {
    int c = image.channels();
    for (int i = 0; i < border; i++) {
      int left = mode.source(i - border, image.width());
      int right = mode.source(image.width() + i, image.width());
      for (int k = 0; k < c; k++) {
        out[to + i * c + k] = image.data()[(row * image.width() + left) * c + k];
        out[to + (border + image.width() + i) * c + k] =
            image.data()[(row * image.width() + right) * c + k];
      }
    }
  }
}
