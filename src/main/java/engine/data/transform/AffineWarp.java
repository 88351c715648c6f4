package engine.data.transform;

import engine.data.image.PixelImage;

/** The two ways PIL samples an affine warp; the size stays, what comes from outside is 0. */
final class AffineWarp {
  private AffineWarp() {}

  /**
   * Nearest: in 16.16 fixed point where all four corners fit it and the matrix is not a mere
   * scaling; in double otherwise. Either way positions are summed from pixel to pixel.
   */
  static PixelImage nearest(PixelImage image, Affine m) {
    boolean scaling = m.b() == 0 && m.d() == 0;
    return !scaling && fitsFixed(m, image.width(), image.height())
        ? nearestFixed(image, m)
        : nearestDouble(image, m);
  }

  private static PixelImage nearestFixed(PixelImage image, Affine m) {
    int w = image.width();
    int h = image.height();
    int c = image.channels();
    byte[] out = new byte[image.data().length];
    int a = fixed(m.a());
    int b = fixed(m.b());
    int d = fixed(m.d());
    int e = fixed(m.e());
    int rowX = fixed(m.c() + m.a() * 0.5 + m.b() * 0.5);
    int rowY = fixed(m.f() + m.d() * 0.5 + m.e() * 0.5);
    for (int y = 0; y < h; y++, rowX += b, rowY += e) {
      int px = rowX;
      int py = rowY;
      for (int x = 0; x < w; x++, px += a, py += d) {
        copy(image, px >> 16, py >> 16, out, (y * w + x) * c);
      }
    }
    return new PixelImage(w, h, c, out);
  }

  private static PixelImage nearestDouble(PixelImage image, Affine m) {
    int w = image.width();
    int h = image.height();
    int c = image.channels();
    byte[] out = new byte[image.data().length];
    double rowX = m.c() + m.b() * 0.5 + m.a() * 0.5;
    double rowY = m.f() + m.e() * 0.5 + m.d() * 0.5;
    for (int y = 0; y < h; y++, rowX += m.b(), rowY += m.e()) {
      double px = rowX;
      double py = rowY;
      for (int x = 0; x < w; x++, px += m.a(), py += m.d()) {
        copy(image, px < 0 ? -1 : (int) px, py < 0 ? -1 : (int) py, out, (y * w + x) * c);
      }
    }
    return new PixelImage(w, h, c, out);
  }

  private static void copy(PixelImage image, int x, int y, byte[] out, int to) {
    if (x >= 0 && x < image.width() && y >= 0 && y < image.height()) {
      int c = image.channels();
      int from = (y * image.width() + x) * c;
      for (int k = 0; k < c; k++) {
        out[to + k] = image.data()[from + k];
      }
    }
  }

  static PixelImage bilinear(PixelImage image, Affine m) {
    int w = image.width();
    int h = image.height();
    int c = image.channels();
    byte[] out = new byte[image.data().length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double px = m.a() * (x + 0.5) + m.b() * (y + 0.5) + m.c();
        double py = m.d() * (x + 0.5) + m.e() * (y + 0.5) + m.f();
        if (px >= 0 && px < w && py >= 0 && py < h) {
          mix(image, px - 0.5, py - 0.5, out, (y * w + x) * c);
        }
      }
    }
    return new PixelImage(w, h, c, out);
  }

  private static void mix(PixelImage image, double px, double py, byte[] out, int to) {
    int c = image.channels();
    byte[] in = image.data();
    int x = (int) Math.floor(px);
    int y = (int) Math.floor(py);
    double dx = px - x;
    double dy = py - y;
    int x0 = Math.max(x, 0) * c;
    int x1 = Math.min(x + 1, image.width() - 1) * c;
    int row0 = Math.max(y, 0) * image.width() * c;
    int row1 = Math.min(y + 1, image.height() - 1) * image.width() * c;
    for (int k = 0; k < c; k++) {
      double upper = lerp(in[row0 + x0 + k] & 0xff, in[row0 + x1 + k] & 0xff, dx);
      double lower = lerp(in[row1 + x0 + k] & 0xff, in[row1 + x1 + k] & 0xff, dx);
      out[to + k] = (byte) (int) (upper + (lower - upper) * dy);
    }
  }

  private static double lerp(int a, int b, double t) {
    return a + (b - a) * t;
  }

  private static boolean fitsFixed(Affine m, int w, int h) {
    return fitsFixedAt(m, 0, 0)
        && fitsFixedAt(m, w, h)
        && fitsFixedAt(m, 0, h)
        && fitsFixedAt(m, w, 0);
  }

  private static boolean fitsFixedAt(Affine m, int x, int y) {
    return Math.abs(x * m.a() + y * m.b() + m.c()) < 32768
        && Math.abs(x * m.d() + y * m.e() + m.f()) < 32768;
  }

  private static int fixed(double v) {
    return (int) Math.floor(v * 65536.0 + 0.5);
  }
}
