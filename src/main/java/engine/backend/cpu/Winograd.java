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
    float[] d0 = d[0];
    float[] d1 = d[1];
    float[] d2 = d[2];
    float[] d3 = d[3];
    float[] d4 = d[4];
    float[] d5 = d[5];
    float[] v0 = v[0];
    float[] v1 = v[1];
    float[] v2 = v[2];
    float[] v3 = v[3];
    float[] v4 = v[4];
    float[] v5 = v[5];
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
    float[] m0 = m[0];
    float[] m1 = m[1];
    float[] m2 = m[2];
    float[] m3 = m[3];
    float[] m4 = m[4];
    float[] m5 = m[5];
    float[] y0 = y[0];
    float[] y1 = y[1];
    float[] y2 = y[2];
    float[] y3 = y[3];
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
