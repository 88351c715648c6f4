package engine.backend.cpu;

/**
 * The transforms of Winograd's convolution F(4x4, 3x3) over long rows of floats (Lavin and Gray
 * 2016, "Fast Algorithms for Convolutional Neural Networks", section 4): a tile of 4x4 outputs
 * takes 36 multiplications where the definition takes 144. Every array is indexed by {@code i}
 * alone, for C2.
 */
final class Winograd {
  private Winograd() {}

  /** Along one axis, six inputs to six: the transposed B of the paper. */
  static void input(float[][] d, float[][] v, int n) {
    input(d[0], d[1], d[2], d[3], d[4], d[5], v[0], v[1], v[2], v[3], v[4], v[5], n);
  }

  private static void input(
      float[] d0,
      float[] d1,
      float[] d2,
      float[] d3,
      float[] d4,
      float[] d5,
      float[] v0,
      float[] v1,
      float[] v2,
      float[] v3,
      float[] v4,
      float[] v5,
      int n) {
    for (int i = 0; i < n; i++) {
      v0[i] = 4 * d0[i] - 5 * d2[i] + d4[i];
      v5[i] = 4 * d1[i] - 5 * d3[i] + d5[i];
    }
    for (int i = 0; i < n; i++) {
      float even = d4[i] - 4 * d2[i];
      float odd = d3[i] - 4 * d1[i];
      v1[i] = even + odd;
      v2[i] = even - odd;
    }
    for (int i = 0; i < n; i++) {
      float even = d4[i] - d2[i];
      float odd = 2 * (d3[i] - d1[i]);
      v3[i] = even + odd;
      v4[i] = even - odd;
    }
  }

  /** Along one axis, six products to four outputs: the transposed A of the paper. */
  static void output(float[][] m, float[][] y, int n) {
    output(m[0], m[1], m[2], m[3], m[4], m[5], y[0], y[1], y[2], y[3], n);
  }

  private static void output(
      float[] m0,
      float[] m1,
      float[] m2,
      float[] m3,
      float[] m4,
      float[] m5,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3,
      int n) {
    for (int i = 0; i < n; i++) {
      float a = m1[i] + m2[i];
      float b = m3[i] + m4[i];
      y0[i] = m0[i] + a + b;
      y2[i] = a + 4 * b;
    }
    for (int i = 0; i < n; i++) {
      float a = m1[i] - m2[i];
      float b = m3[i] - m4[i];
      y1[i] = a + 2 * b;
      y3[i] = a + 8 * b + m5[i];
    }
  }
}
