package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.ColorDraw;

/**
 * Hue shift through PIL's 8-bit HSV: hue, saturation and value are bytes, so that even a shift of 0
 * changes colours by rounding. Formulas are Python's colorsys; which of them are float and which
 * double is as in PIL, since it settles the rounding.
 */
final class Hue {
  private Hue() {}

  /**
   * @param factor a part of the colour circle, -0.5..0.5; {@code int(factor * 255)} is added to the
   *     byte of the hue, modulo 256
   */
  static PixelImage adjust(PixelImage image, double factor) {
    if (!(factor >= -0.5 && factor <= 0.5)) {
      throw new IllegalArgumentException("a hue factor lies in -0.5..0.5, not " + factor);
    }
    if (image.channels() == 1) {
      return image;
    }
    int shift = ColorDraw.hueShift(factor);
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      int r = in[i] & 0xff;
      int g = in[i + 1] & 0xff;
      int b = in[i + 2] & 0xff;
      int max = Math.max(r, Math.max(g, b));
      int chroma = max - Math.min(r, Math.min(g, b));
      int saturation = chroma == 0 ? 0 : (int) ((float) chroma / (float) max * 255.0);
      if (saturation == 0) {
        out[i] = (byte) max;
        out[i + 1] = (byte) max;
        out[i + 2] = (byte) max;
      } else {
        toRgb((hue(r, g, b, max, chroma) + shift) & 0xff, saturation, max, out, i);
      }
    }
    return new PixelImage(image.width(), image.height(), 3, out);
  }

  private static int hue(int r, int g, int b, int max, int chroma) {
    float rc = (float) (max - r) / (float) chroma;
    float gc = (float) (max - g) / (float) chroma;
    float bc = (float) (max - b) / (float) chroma;
    float h;
    if (r == max) {
      h = bc - gc;
    } else if (g == max) {
      h = (float) (2.0 + rc - bc);
    } else {
      h = (float) (4.0 + gc - rc);
    }
    double turns = h / 6.0 + 1.0; // between 5/6 and 2: its fraction needs no remainder
    h = (float) (turns >= 1 ? turns - 1 : turns);
    return Math.min(255, (int) (h * 255.0));
  }

  private static void toRgb(int h, int s, int v, byte[] out, int at) {
    double sixths = h * 6.0 / 255.0;
    int sector = (int) sixths;
    float f = (float) (sixths - sector);
    float fs = (float) (s / 255.0);
    byte value = (byte) v;
    byte p = round(v * (1.0 - fs));
    byte q = round(v * (1.0 - fs * f));
    byte t = round(v * (1.0 - fs * (1.0 - f)));
    switch (sector % 6) {
      case 0 -> set(out, at, value, t, p);
      case 1 -> set(out, at, q, value, p);
      case 2 -> set(out, at, p, value, t);
      case 3 -> set(out, at, p, q, value);
      case 4 -> set(out, at, t, p, value);
      default -> set(out, at, value, p, q);
    }
  }

  private static byte round(double v) {
    return (byte) (int) (v + 0.5);
  }

  private static void set(byte[] out, int at, byte r, byte g, byte b) {
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
  }
}
