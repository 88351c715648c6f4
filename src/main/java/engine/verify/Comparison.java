package engine.verify;

/**
 * How one result compared with its reference.
 *
 * @param what the array or value
 * @param error the largest error relative to its tolerance decides: its absolute size
 * @param tolerance what was allowed there; 0 where equality was asked for
 * @param ratio error / tolerance; above 1 is a failure, infinite where nothing was allowed
 * @param problem why it failed, in words; null when it passed
 */
public record Comparison(
    String what, double error, double tolerance, double ratio, String problem) {
  static Comparison of(String what, double error, double tolerance, double ratio, String where) {
    String problem = null;
    if (!(ratio <= 1)) {
      problem =
          tolerance == 0
              ? "%s differs by %.3g%s, where equality is asked for".formatted(what, error, where)
              : "%s is off by %.3g%s, allowed is %.3g".formatted(what, error, where, tolerance);
    }
    return new Comparison(what, error, tolerance, ratio, problem);
  }

  static Comparison failed(String what, String problem) {
    return new Comparison(
        what, Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY, what + " " + problem);
  }

  public boolean passed() {
    return problem == null;
  }
}
