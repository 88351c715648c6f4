package engine.verify.self;

import engine.tensor.HostTensor;
import engine.verify.self.Check.Disagreement;
import java.util.Arrays;

/**
 * Compares results with what they should be: {@code |actual - expected| <= tolerance * (|expected|
 * + root mean square of all expected)}, so that a value near 0 among large ones may have the error
 * of those. What is infinite or NaN must be so on both sides.
 */
final class Agreement {
  private final double tolerance;
  private double worst;
  private String where = "nothing";

  Agreement(double tolerance) {
    this.tolerance = tolerance;
  }

  /** Notes how well a result agrees. */
  void compare(String what, HostTensor expected, HostTensor actual) {
    if (!expected.shape().equals(actual.shape())) {
      throw new Disagreement(
          "%s is of shape %s, not %s".formatted(what, actual.shape(), expected.shape()));
    }
    double[] e = expected.toDoubles();
    double[] a = actual.toDoubles();
    double scale = Math.sqrt(Arrays.stream(e).filter(Double::isFinite).map(v -> v * v).sum());
    scale /= Math.sqrt(Math.max(1, e.length));
    for (int i = 0; i < e.length; i++) {
      if (Double.compare(e[i], a[i]) == 0 || e[i] == a[i]) {
        continue;
      }
      double allowed = tolerance * (Math.abs(e[i]) + scale);
      double ratio = Math.abs(e[i] - a[i]) / allowed;
      if (!(ratio <= 1)) { // NaN too
        throw new Disagreement(
            "%s, element %,d of %,d: %s, and %s is right within %.2g"
                .formatted(what, i, e.length, a[i], e[i], allowed));
      }
      if (ratio > worst) {
        worst = ratio;
        where = what;
      }
    }
  }

  @Override
  public String toString() {
    return worst == 0
        ? "the same bits"
        : "within %.0f %% of the tolerance %.1g (%s)".formatted(100 * worst, tolerance, where);
  }

  /** That two results have the same bits. */
  static void same(String what, HostTensor first, HostTensor second) {
    byte[] a = first.toBytes();
    byte[] b = second.toBytes();
    int at = Arrays.mismatch(a, b);
    if (at >= 0) {
      throw new Disagreement("%s differs from byte %,d on".formatted(what, at));
    }
  }
}
