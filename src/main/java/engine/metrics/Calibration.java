package engine.metrics;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017, eq. 5) over equal bins of the
 * largest probability: bin b holds {@code b/B < confidence <= (b+1)/B}.
 */
final class Calibration {
  static final int BINS = 15;

  private final long[] samples = new long[BINS];
  private final long[] correct = new long[BINS];
  private final double[] confidence = new double[BINS];

  void add(double conf, boolean hit) {
    for (int b = 0; b < BINS; b++) {
      if (conf > (double) b / BINS && conf <= (double) (b + 1) / BINS) {
        samples[b]++;
        correct[b] += hit ? 1 : 0;
        confidence[b] += conf;
      }
    }
  }

  List<CalibrationBin> bins() {
    return IntStream.range(0, BINS)
        .mapToObj(
            b ->
                new CalibrationBin(
                    samples[b], confidence[b] / samples[b], (double) correct[b] / samples[b]))
        .toList();
  }

  /** Mean over {@code total} samples of |accuracy - confidence| of their bin. */
  double expectedError(long total) {
    double sum = 0;
    for (int b = 0; b < BINS; b++) {
      sum += Math.abs(correct[b] - confidence[b]);
    }
    return sum / total;
  }
}
