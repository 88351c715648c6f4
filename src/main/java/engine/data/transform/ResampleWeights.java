package engine.data.transform;

/**
 * The weights of one axis of a resize: output {@code i} is the sum of {@code count[i]} source
 * samples from {@code first[i]} on, weighted by {@code weights[i * taps ...]}, which are fixed-point
 * with {@link #BITS} fractional bits.
 *
 * <p>The kernel is widened by the scale when the axis shrinks, cut at the borders and divided by
 * its sum, in double; then rounded half away from zero. This is the arithmetic of PIL's {@code
 * Image.resize}, whose 8-bit results are reproduced exactly.
 *
 * @param taps the row length of {@code weights}: the most samples an output can have
 */
record ResampleWeights(int taps, int[] first, int[] count, int[] weights) {
  /** 32 bits less 8 for the sample and 2 for the overshoot of kernels with negative lobes. */
  static final int BITS = 32 - 8 - 2;

  /**
   * Weights for outputs {@code from} to {@code from + length - 1} of an axis resized from {@code
   * in} to {@code out} samples.
   */
  static ResampleWeights of(Interpolation kernel, int in, int out, int from, int length) {
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1);
    double support = kernel.support() * stretch;
    double inverse = 1 / stretch;
    int taps = (int) Math.ceil(support) * 2 + 1;
    int[] first = new int[length];
    int[] count = new int[length];
    int[] weights = new int[Math.multiplyExact(length, taps)];
    double[] w = new double[taps];
    for (int i = 0; i < length; i++) {
      double centre = (from + i + 0.5) * scale;
      int lo = Math.max(0, (int) (centre - support + 0.5));
      int n = Math.min(in, (int) (centre + support + 0.5)) - lo;
      double sum = 0;
      for (int t = 0; t < n; t++) {
        w[t] = kernel.weight((t + lo - centre + 0.5) * inverse);
        sum += w[t];
      }
      for (int t = 0; t < n; t++) {
        double v = (sum != 0 ? w[t] / sum : w[t]) * (1 << BITS);
        weights[i * taps + t] = (int) (v < 0 ? v - 0.5 : v + 0.5);
      }
      first[i] = lo;
      count[i] = n;
    }
    return new ResampleWeights(taps, first, count, weights);
  }
}
