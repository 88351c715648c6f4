package engine.optim;

/** Checks of hyper-parameters, in words. */
final class Numbers {
  private Numbers() {}

  static void notNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("the " + what + " must be 0 or more, not " + value);
    }
  }

  static void positive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("the " + what + " must be above 0, not " + value);
    }
  }

  /** In [0, 1). */
  static void fraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "the " + what + " must be at least 0 and below 1, not " + value);
    }
  }
}
