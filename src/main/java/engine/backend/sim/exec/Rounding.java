package engine.backend.sim.exec;

/**
 * Sums rounded to float in other ways than to nearest. A product of two floats is exact in a
 * double; the sum of two doubles is a double and an error that is known exactly (TwoSum: Knuth, The
 * Art of Computer Programming 2, 4.2.2, theorem B).
 */
final class Rounding {
  private Rounding() {}

  static float down(double a, double b) {
    double sum = a + b;
    float f = (float) sum;
    return compare(f, sum, error(a, b, sum)) > 0 ? Math.nextDown(f) : f;
  }

  static float up(double a, double b) {
    double sum = a + b;
    float f = (float) sum;
    return compare(f, sum, error(a, b, sum)) < 0 ? Math.nextUp(f) : f;
  }

  static float toZero(double a, double b) {
    return a + b < 0 ? up(a, b) : down(a, b);
  }

  /**
   * The float next to the exact sum whose last bit is odd, unless the sum is a float itself. With
   * two bits more than the final format it makes a second rounding innocuous (Boldo and Melquiond
   * 2008).
   */
  static float toOdd(double a, double b) {
    double sum = a + b;
    float f = (float) sum;
    int side = compare(f, sum, error(a, b, sum));
    if (side == 0 || (Float.floatToRawIntBits(f) & 1) == 1) {
      return f;
    }
    return side > 0 ? Math.nextDown(f) : Math.nextUp(f);
  }

  private static double error(double a, double b, double sum) {
    double virtual = sum - a;
    return (a - (sum - virtual)) + (b - virtual);
  }

  /** The sign of {@code f - (sum + error)}; 0 where there is no number to compare with. */
  private static int compare(float f, double sum, double error) {
    if (!Double.isFinite(sum)) {
      return 0;
    }
    double difference = f - sum;
    return difference != 0 ? (int) Math.signum(difference) : -(int) Math.signum(error);
  }
}
