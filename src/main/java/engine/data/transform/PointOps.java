package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.function.IntUnaryOperator;

/** Operations on one sample at a time, through a table of 256 entries. */
final class PointOps {
  private PointOps() {}

  /** Every sample through one table. */
  static PixelImage map(PixelImage image, byte[] table) {
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = table[in[i] & 0xff];
    }
    return new PixelImage(image.width(), image.height(), image.channels(), out);
  }

  /** The samples of channel {@code c} through {@code tables[c]}. */
  static PixelImage map(PixelImage image, byte[][] tables) {
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int c = 0; c < tables.length; c++) {
      byte[] table = tables[c];
      for (int i = c; i < in.length; i += tables.length) {
        out[i] = table[in[i] & 0xff];
      }
    }
    return new PixelImage(image.width(), image.height(), image.channels(), out);
  }

  /** The values of {@code f}, clipped to 0..255. */
  static byte[] table(IntUnaryOperator f) {
    byte[] table = new byte[256];
    for (int v = 0; v < 256; v++) {
      table[v] = (byte) Math.clamp(f.applyAsInt(v), 0, 255);
    }
    return table;
  }

  /** {@code int(255.999 * gain * (v / 255) ** gamma)}, as torchvision on PIL images. */
  static byte[] gamma(double gamma, double gain) {
    if (!(gamma >= 0)) {
      throw new IllegalArgumentException("gamma is 0 or more, not " + gamma);
    }
    return table(v -> (int) ((255 + 1 - 1e-3) * gain * StrictMath.pow(v / 255.0, gamma)));
  }

  /** Keeps the upper {@code bits} bits. */
  static byte[] posterize(int bits) {
    if (bits < 0 || bits > 8) {
      throw new IllegalArgumentException("posterize keeps 0 to 8 bits, not " + bits);
    }
    int mask = -(1 << (8 - bits));
    return table(v -> v & mask);
  }

  /** Inverts values of at least {@code threshold}. */
  static byte[] solarize(int threshold) {
    return table(v -> v < threshold ? v : 255 - v);
  }

  static byte[] invert() {
    return table(v -> 255 - v);
  }
}
