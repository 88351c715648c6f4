package engine.data.transform;

/**
 * The weights of one axis of a resize: output {@code i} is the sum of the {@code taps} source
 * samples from {@code first[i]} on, weighted by {@code weights[i * taps ...]}, which are
 * fixed-point with {@link #BITS} fractional bits.
 *
 * <p>The kernel is widened by the scale when the axis shrinks, cut at the borders and divided by
 * its sum, in double; then rounded half away from zero. This is the arithmetic of PIL's {@code
 * Image.resize}, whose 8-bit results are reproduced exactly. All outputs have as many taps, filled
 * up with zeros to an even number (or to the whole axis), so that the loops over them are straight.
 */
record ResampleWeights(int taps, int[] first, int[] weights) {
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
    int most = 0;
    for (int i = 0; i < length; i++) {
      double centre = (from + i + 0.5) * scale;
      most = Math.max(most, end(centre, support, in) - begin(centre, support));
    }
    int taps = Math.min(in, most + (most & 1));
    int[] first = new int[length];
    int[] weights = new int[Math.multiplyExact(length, taps)];
    double[] w = new double[taps];
    for (int i = 0; i < length; i++) {
      double centre = (from + i + 0.5) * scale;
      int begin = begin(centre, support);
      int count = end(centre, support, in) - begin;
      double sum = 0;
      for (int t = 0; t < count; t++) {
        w[t] = kernel.weight((t + begin - centre + 0.5) * inverse);
        sum += w[t];
      }
      first[i] = Math.min(begin, in - taps);
      int row = i * taps + begin - first[i];
      for (int t = 0; t < count; t++) {
        double v = (sum != 0 ? w[t] / sum : w[t]) * (1 << BITS);
        weights[row + t] = (int) (v < 0 ? v - 0.5 : v + 0.5);
      }
    }
    return new ResampleWeights(taps, first, weights);
  }

  private static int begin(double centre, double support) {
    return Math.max(0, (int) (centre - support + 0.5));
  }

  private static int end(double centre, double support, int in) {
    return Math.min(in, (int) (centre + support + 0.5));
  }
}
