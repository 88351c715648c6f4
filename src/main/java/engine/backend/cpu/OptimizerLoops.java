package engine.backend.cpu;

/**
 * The arithmetic of optimiser steps on blocks of floats. Each loop is simple enough for C2 to
 * vectorise: no branch, no call but intrinsics, every array indexed by {@code i} alone.
 */
final class OptimizerLoops {
  private OptimizerLoops() {}

  /** g = g * factor + decay * p. */
  static void gradient(float[] g, float[] p, float factor, float decay, int n) {
    for (int i = 0; i < n; i++) {
      g[i] = g[i] * factor + decay * p[i];
    }
  }

  /**
   * How gradients become moments.
   *
   * @param factor of the gradient
   * @param l2 weight decay that is part of the gradient; 0 for AdamW
   * @param a1 1 - beta1
   * @param b2 beta2
   * @param a2 1 - beta2
   */
  record Decays(float factor, float l2, float a1, float b2, float a2) {}

  /** Adam's running moments of the gradient: m += a1 * (g - m), v = b2 * v + a2 * g * g. */
  static void moments(float[] p, float[] g, float[] m, float[] v, Decays decays, int n) {
    float factor = decays.factor;
    float l2 = decays.l2;
    float a1 = decays.a1;
    float b2 = decays.b2;
    float a2 = decays.a2;
    for (int i = 0; i < n; i++) {
      float d = g[i] * factor + l2 * p[i];
      m[i] = m[i] + a1 * (d - m[i]);
      v[i] = b2 * v[i] + a2 * d * d;
    }
  }

  /** How far a tensor goes along its moments. */
  record Stride(float shrink, float stepSize, float rootScale, float eps) {}

  /** p = shrink * p - stepSize * m / (sqrt(v) * rootScale + eps). */
  static void adam(float[] p, float[] m, float[] v, Stride stride, int n) {
    float shrink = stride.shrink;
    float stepSize = stride.stepSize;
    float rootScale = stride.rootScale;
    float eps = stride.eps;
    for (int i = 0; i < n; i++) {
      p[i] = shrink * p[i] - stepSize * m[i] / ((float) Math.sqrt(v[i]) * rootScale + eps);
    }
  }

  /** a = max(a, b). */
  static void max(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = Math.max(a[i], b[i]);
    }
  }

  /** a = factor * a. */
  static void scale(float[] a, float factor, int n) {
    for (int i = 0; i < n; i++) {
      a[i] *= factor;
    }
  }

  /** a = keep * a + add * b. */
  static void blend(float[] a, float[] b, float keep, float add, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = keep * a[i] + add * b[i];
    }
  }

  /** Sum of squares in double; four chains, so that additions do not wait for each other. */
  static double sumOfSquares(float[] x, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += (double) x[i] * x[i];
      s1 += (double) x[i + 1] * x[i + 1];
      s2 += (double) x[i + 2] * x[i + 2];
      s3 += (double) x[i + 3] * x[i + 3];
    }
    for (; i < n; i++) {
      s0 += (double) x[i] * x[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
