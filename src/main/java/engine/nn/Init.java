package engine.nn;

import java.util.random.RandomGenerator;

/** Initial weights. */
public final class Init {
  private Init() {}

  /** Normal with standard deviation sqrt(2 / (out * kH * kW)): He et al. 2015, fan-out, gain of ReLU. */
  public static float[] kaimingNormalFanOut(RandomGenerator random, int out, int in, int kh, int kw) {
    double std = Math.sqrt(2.0 / ((double) out * kh * kw));
    float[] w = new float[Math.multiplyExact(Math.multiplyExact(out, in), kh * kw)];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) (random.nextGaussian() * std);
    }
    return w;
  }

  /** Uniform in [-bound, bound). */
  public static float[] uniform(RandomGenerator random, int n, float bound) {
    float[] w = new float[n];
    for (int i = 0; i < n; i++) {
      w[i] = random.nextFloat(-bound, bound);
    }
    return w;
  }
}
