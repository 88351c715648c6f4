package engine.backend.cpu;

/**
 * Rounding and ranging of blocks of floats. Each loop is simple enough for C2 to vectorise: no
 * branch, no call but intrinsics, every array indexed by {@code i} alone.
 */
final class QuantLoops {
  /** 1.5 * 2^23: a float added to it and taken away again is rounded to a whole number. */
  private static final float ROUND = 12582912f;

  private QuantLoops() {}

  /** lo = min(lo, x from {@code at} on), hi likewise. */
  static void extremes(float[] lo, float[] hi, float[] x, int at, int n) {
    for (int i = 0; i < n; i++) {
      lo[i] = Math.min(lo[i], x[at + i]);
    }
    for (int i = 0; i < n; i++) {
      hi[i] = Math.max(hi[i], x[at + i]);
    }
  }

  /**
   * The whole number that x * inverse rounds to, at most one step beyond the grid on each side:
   * near enough to know what is outside, and small enough to round exactly.
   *
   * @param low qmin - zp
   * @param high qmax - zp
   */
  private static float nearest(float x, float inverse, float low, float high) {
    return Math.min(Math.max(x * inverse, low - 1), high + 1) + ROUND - ROUND;
  }

  private static float clamp(float r, float low, float high) {
    return Math.min(Math.max(r, low), high);
  }

  /** x = clamp(round(x * inverse)) * scale. */
  static void round(float[] x, float inverse, float scale, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = clamp(nearest(x[i], inverse, low, high), low, high) * scale;
    }
  }

  /** d = d where the rounded x needed no clamping, else 0. */
  static void inside(float[] d, float[] x, float inverse, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      float r = nearest(x[i], inverse, low, high);
      // 1 or 0 without a branch: whole numbers differ by at least 1.
      d[i] *= 1 - Math.min(1, Math.abs(r - clamp(r, low, high)));
    }
  }

  /** d = d * (inside ? x - y : -y), where y is x rounded. */
  static void rounding(
      float[] d, float[] x, float inverse, float scale, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      float r = nearest(x[i], inverse, low, high);
      float c = clamp(r, low, high);
      float keep = 1 - Math.min(1, Math.abs(r - c));
      d[i] *= keep * x[i] - c * scale;
    }
  }

  /** x = x * factor. */
  static void scale(float[] x, float factor, int n) {
    if (factor == 1) {
      return;
    }
    for (int i = 0; i < n; i++) {
      x[i] *= factor;
    }
  }

  /** Sum in double; four chains, so that additions do not wait for each other. */
  static double sum(float[] x, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    for (; i < n; i++) {
      s0 += x[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
