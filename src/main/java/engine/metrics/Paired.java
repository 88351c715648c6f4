package engine.metrics;

/**
 * How two classifiers differ on the same pictures.
 *
 * @param onlyFirst pictures that only the first has right
 * @param onlySecond pictures that only the second has right
 * @param samples all pictures
 */
public record Paired(long onlyFirst, long onlySecond, long samples) {
  private static final double Z = 1.959963984540054;

  /** Counts, of each picture whether either has it right. */
  public static Paired of(boolean[] first, boolean[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "answers to %d and %d pictures are no pairs".formatted(first.length, second.length));
    }
    long one = 0;
    long other = 0;
    for (int i = 0; i < first.length; i++) {
      one += first[i] && !second[i] ? 1 : 0;
      other += second[i] && !first[i] ? 1 : 0;
    }
    return new Paired(one, other, first.length);
  }

  /** Accuracy of the second less that of the first. */
  public double difference() {
    return samples == 0 ? Double.NaN : (double) (onlySecond - onlyFirst) / samples;
  }

  /**
   * 95 % interval of the difference: Wald's for matched pairs with half a picture added to each of
   * the four cells (Agresti and Min 2005), which holds for few pictures and for no difference too.
   */
  public Interval interval() {
    double n = samples + 2;
    double b = onlyFirst + 0.5;
    double c = onlySecond + 0.5;
    double centre = (c - b) / n;
    double half = Z * Math.sqrt(Math.max(0, b + c - (c - b) * (c - b) / n)) / n;
    return new Interval(Math.max(-1, centre - half), Math.min(1, centre + half));
  }

  /** Whether the interval leaves out 0. */
  public boolean isClear() {
    return interval().low() > 0 || interval().high() < 0;
  }
}
