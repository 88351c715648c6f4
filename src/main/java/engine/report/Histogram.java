package engine.report;

/**
 * Values counted in bins of equal width between the smallest and the largest.
 *
 * @param count finite values; NaN and infinities are left out
 * @param upperEdges each bin's upper edge, rising; the last is {@code max}
 * @param counts values in each bin
 */
record Histogram(
    double min,
    double max,
    long count,
    double sum,
    double sumOfSquares,
    double[] upperEdges,
    double[] counts) {

  static Histogram of(float[] values, int bins) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    long n = 0;
    for (float v : values) {
      if (Float.isFinite(v)) {
        min = Math.min(min, v);
        max = Math.max(max, v);
        sum += v;
        squares += (double) v * v;
        n++;
      }
    }
    if (n == 0) {
      return new Histogram(0, 0, 0, 0, 0, new double[] {0}, new double[] {0});
    }
    int used = min == max ? 1 : bins;
    double[] edges = new double[used];
    for (int b = 0; b < used; b++) {
      edges[b] = b == used - 1 ? max : min + (max - min) * (b + 1) / used;
    }
    double[] counts = new double[used];
    double scale = min == max ? 0 : used / (max - min);
    for (float v : values) {
      if (Float.isFinite(v)) {
        counts[Math.min(used - 1, (int) ((v - min) * scale))]++;
      }
    }
    return new Histogram(min, max, n, sum, squares, edges, counts);
  }
}
