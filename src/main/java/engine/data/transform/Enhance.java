package engine.data.transform;

import engine.data.image.PixelImage;

/**
 * Brightness, contrast, saturation and sharpness as PIL's {@code ImageEnhance}: the picture blended
 * with a degenerate one (black, flat gray, its own gray, smoothed), {@code d + factor * (v - d)} in
 * float32, truncated and clipped. A factor of 1 is the picture itself, 0 the degenerate one.
 */
final class Enhance {
  private Enhance() {}

  static PixelImage brightness(PixelImage image, double factor) {
    return factor == 1 ? image : PointOps.map(image, blendTable(0, check(factor)));
  }

  static PixelImage contrast(PixelImage image, double factor) {
    return factor == 1 ? image : PointOps.map(image, blendTable(Luma.mean(image), check(factor)));
  }

  static PixelImage saturation(PixelImage image, double factor) {
    float f = check(factor);
    if (f == 1 || image.channels() == 1) {
      return image;
    }
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      int r = in[i] & 0xff;
      int g = in[i + 1] & 0xff;
      int b = in[i + 2] & 0xff;
      int gray = Luma.of(r, g, b);
      out[i] = blend(gray, r, f);
      out[i + 1] = blend(gray, g, f);
      out[i + 2] = blend(gray, b, f);
    }
    return new PixelImage(image.width(), image.height(), 3, out);
  }

  static PixelImage sharpness(PixelImage image, double factor) {
    float f = check(factor);
    byte[] smooth = smooth(image);
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = blend(smooth[i] & 0xff, in[i] & 0xff, f);
    }
    return new PixelImage(image.width(), image.height(), image.channels(), out);
  }

  /**
   * PIL's SMOOTH filter, [1 1 1; 1 5 1; 1 1 1] / 13 in float32 (the row below first, which settles
   * the last bit); border pixels keep their values.
   */
  private static byte[] smooth(PixelImage image) {
    byte[] in = image.data();
    byte[] out = in.clone();
    int c = image.channels();
    int row = image.width() * c;
    float side = 1f / 13f;
    float centre = 5f / 13f;
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = y * row + c; i < (y + 1) * row - c; i++) {
        float sum = 0.5f;
        sum += weigh(in, i + row, c, side, side);
        sum += weigh(in, i, c, side, centre);
        sum += weigh(in, i - row, c, side, side);
        out[i] = clip((int) sum);
      }
    }
    return out;
  }

  private static float weigh(byte[] in, int i, int step, float side, float centre) {
    return (in[i - step] & 0xff) * side + (in[i] & 0xff) * centre + (in[i + step] & 0xff) * side;
  }

  private static byte[] blendTable(int degenerate, float factor) {
    byte[] table = new byte[256];
    for (int v = 0; v < 256; v++) {
      table[v] = blend(degenerate, v, factor);
    }
    return table;
  }

  private static byte blend(int degenerate, int value, float factor) {
    return clip((int) (degenerate + factor * (value - degenerate)));
  }

  private static byte clip(int v) {
    return (byte) Math.max(0, Math.min(255, v));
  }

  private static float check(double factor) {
    if (!(factor >= 0)) {
      throw new IllegalArgumentException("a colour factor is 0 or more, not " + factor);
    }
    return (float) factor;
  }
}
