package engine.data.transform;

import java.util.random.RandomGenerator;

/** Random numbers in the shapes that augmentation wants. */
final class Draws {
  private Draws() {}

  /** Uniform in [{@code low}, {@code high}); {@code low} where they are equal. */
  static double uniform(RandomGenerator random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** e to a power uniform between the logarithms of {@code low} and {@code high}. */
  static double logUniform(RandomGenerator random, double low, double high) {
    return Math.exp(uniform(random, Math.log(low), Math.log(high)));
  }

  /** Checks a probability. */
  static double probability(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a probability lies in 0..1, not " + p);
    }
    return p;
  }

  /** Uniform in 0..{@code max}, both included. */
  static int upTo(RandomGenerator random, int max) {
    return random.nextInt(max + 1);
  }

  /** 0..n-1 in random order (Fisher and Yates). */
  static int[] permutation(RandomGenerator random, int n) {
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      int j = upTo(random, i);
      p[i] = p[j];
      p[j] = i;
    }
    return p;
  }

  /** Python 3's {@code int(round(v))}: half to even. */
  static int round(double v) {
    return (int) Math.rint(v);
  }
}
