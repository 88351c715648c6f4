package engine.data.image;

/**
 * CIE L*a*b* of the D50 white point (ISO 15076-1) to sRGB (IEC 61966-2-1), as LittleCMS 2 does it
 * for Pillow: exact at the nodes of a grid over the cube of L*, a* and b*, and between them
 * interpolated in tetrahedra (J. Kasson et al., "Performing color space conversions with
 * three-dimensional linear interpolation", 1995). At the edge of what sRGB can show that differs
 * visibly from the exact colour.
 */
final class CieLab {
  private static final int NODES = 33;
  private static final double[] D50 = {0.9642, 1, 0.8249};

  /** XYZ of D50 to linear sRGB, adapted to D65 by Bradford's method. */
  private static final double[][] LINEAR = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427}
  };

  /** Made when the first such picture is read. */
  private static final class Grid {
    /** Three values from 0 to 65535 a node; b varies fastest. */
    static final int[] RGB = grid();
  }

  private CieLab() {}

  /**
   * Converts a pixel.
   *
   * @param l 0 to 255 for L* from 0 to 100
   * @param a 0 to 255 for -128 to 127; {@code b} likewise
   * @param rgb where three bytes are written at {@code at}
   */
  static void toSrgb(int l, int a, int b, byte[] rgb, int at) {
    int fl = fixed(l);
    int fa = fixed(a);
    int fb = fixed(b);
    int stepL = l == 255 ? 0 : 3 * NODES * NODES;
    int stepA = a == 255 ? 0 : 3 * NODES;
    int stepB = b == 255 ? 0 : 3;
    int node = 3 * (((fl >> 16) * NODES + (fa >> 16)) * NODES + (fb >> 16));
    int rl = fl & 0xffff;
    int ra = fa & 0xffff;
    int rb = fb & 0xffff;
    for (int c = 0; c < 3; c++, node++) {
      int c0 = at(node);
      int all = at(node + stepL + stepA + stepB);
      int dl;
      int da;
      int db;
      if (rl >= ra && ra >= rb) {
        dl = at(node + stepL) - c0;
        da = at(node + stepL + stepA) - at(node + stepL);
        db = all - at(node + stepL + stepA);
      } else if (rl >= rb && rb >= ra) {
        dl = at(node + stepL) - c0;
        da = all - at(node + stepL + stepB);
        db = at(node + stepL + stepB) - at(node + stepL);
      } else if (rb >= rl && rl >= ra) {
        dl = at(node + stepL + stepB) - at(node + stepB);
        da = all - at(node + stepL + stepB);
        db = at(node + stepB) - c0;
      } else if (ra >= rl && rl >= rb) {
        dl = at(node + stepL + stepA) - at(node + stepA);
        da = at(node + stepA) - c0;
        db = all - at(node + stepL + stepA);
      } else if (ra >= rb && rb >= rl) {
        dl = all - at(node + stepA + stepB);
        da = at(node + stepA) - c0;
        db = at(node + stepA + stepB) - at(node + stepA);
      } else {
        dl = all - at(node + stepA + stepB);
        da = at(node + stepA + stepB) - at(node + stepB);
        db = at(node + stepB) - c0;
      }
      long rest = (long) dl * rl + (long) da * ra + (long) db * rb + 0x8001;
      int v = (int) (c0 + (rest + (rest >> 16) >> 16)) & 0xffff;
      rgb[at + c] = (byte) (v * 65281L + 8388608 >> 24);
    }
  }

  private static int at(int i) {
    return Grid.RGB[i];
  }

  /** A byte as a position on the grid, 16 bits of it behind the point. */
  private static int fixed(int v) {
    int a = v * 257 * (NODES - 1);
    return a + (a + 0x7fff) / 0xffff;
  }

  private static int[] grid() {
    int[] out = new int[3 * NODES * NODES * NODES];
    double[] linear = new double[3];
    for (int i = 0; i < out.length / 3; i++) {
      double l = node(i / (NODES * NODES)) * 100;
      double a = node(i / NODES % NODES) * 255 - 128;
      double b = node(i % NODES) * 255 - 128;
      double fy = (l + 16) / 116;
      double x = D50[0] * inverse(fy + a / 500);
      double y = D50[1] * inverse(fy);
      double z = D50[2] * inverse(fy - b / 200);
      for (int c = 0; c < 3; c++) {
        linear[c] = LINEAR[c][0] * x + LINEAR[c][1] * y + LINEAR[c][2] * z;
        double s =
            linear[c] <= 0.0031308
                ? 12.92 * linear[c]
                : 1.055 * Math.pow(linear[c], 1 / 2.4) - 0.055;
        out[3 * i + c] = (int) Math.floor(Math.clamp(s, 0, 1) * 65535 + 0.5);
      }
    }
    return out;
  }

  /** From 0 to 1, in 16 bits. */
  private static double node(int i) {
    return Math.floor(i * 65535.0 / (NODES - 1) + 0.5) / 65535;
  }

  private static double inverse(double f) {
    return f > 6.0 / 29 ? f * f * f : (f - 16.0 / 116) * 108 / 841;
  }
}
