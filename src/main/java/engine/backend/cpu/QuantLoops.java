package engine.backend.cpu;

/**
 * Rounding and ranging of blocks of floats. Each loop is simple enough for C2 to vectorise: no
 * branch, no call but intrinsics, every array indexed by {@code i} alone.
 */
final class QuantLoops {
  /** 1.5 * 2^23: a float added to it and taken away again is rounded to a whole number. */
  private static final float ROUND = 12582912f;

  private QuantLoops() {}

  static void min(float[] lo, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      lo[i] = Math.min(lo[i], x[i]);
    }
  }

  static void max(float[] hi, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      hi[i] = Math.max(hi[i], x[i]);
    }
  }

  /**
   * x = clamp(round(x * inverse)) * scale, and whether nothing was clamped. The rounding happens
   * one step beyond the grid on each side: that is enough to know what is outside, and small enough
   * to round exactly.
   *
   * @param low qmin - zp
   * @param high qmax - zp
   */
  static void round(
      float[] x, byte[] mask, float inverse, float scale, float low, float high, int n) {
    float below = low - 1;
    float above = high + 1;
    for (int i = 0; i < n; i++) {
      float r = Math.min(Math.max(x[i] * inverse, below), above) + ROUND - ROUND;
      float c = Math.min(Math.max(r, low), high);
      x[i] = c * scale;
      mask[i] = (byte) (r == c ? 1 : 0);
    }
  }

  /** x = x * factor. */
  static void scale(float[] x, float factor, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= factor;
    }
  }

  /** d = mask ? d : 0. */
  static void masked(float[] d, byte[] mask, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= mask[i];
    }
  }

  static double roundingGradient(float[] d, float[] x, float[] y, byte[] mask, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) d[i] * (mask[i] * x[i] - y[i]);
    }
    return sum;
  }
}
