package engine.data.demo;

import java.util.SplittableRandom;

/** The random choices of one picture, in floats. */
final class Dice {
  private final SplittableRandom random;

  Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Uniform between {@code from} and {@code to}. */
  float in(float from, float to) {
    return from + (to - from) * random.nextInt(1 << 24) / (1 << 24);
  }

  /** Between two positive numbers with a uniform logarithm, for sizes and distances. */
  float scale(float from, float to) {
    return (float) (from * StrictMath.pow(to / from, in(0, 1)));
  }

  boolean chance(float probability) {
    return in(0, 1) < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int between(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  long seed() {
    return random.nextLong();
  }

  /** Roughly normal with deviation 1 (three uniforms). */
  float bell() {
    return 2 * (in(-1, 1) + in(-1, 1) + in(-1, 1)) / 2;
  }
}
