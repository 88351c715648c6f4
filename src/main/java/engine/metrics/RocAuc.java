package engine.metrics;

import java.util.Arrays;

/**
 * Area under the ROC curve, one class against the rest, from the probabilities of every sample.
 *
 * <p>The scores of all samples must be kept for it; past {@link #MAX_SCORES} they are dropped and
 * the figure is NaN rather than an estimate.
 */
final class RocAuc {
  /** 64 MiB of doubles: 800,000 samples of ten classes. */
  static final int MAX_SCORES = 1 << 23;

  private final int classes;
  private double[] scores = new double[0];
  private int[] targets = new int[0];
  private int samples;
  private boolean overflow;

  RocAuc(int classes) {
    this.classes = classes;
  }

  void add(double[] probabilities, int target) {
    if (overflow || (samples + 1L) * classes > MAX_SCORES) {
      overflow = true;
      scores = new double[0];
      targets = new int[0];
      return;
    }
    if (samples == targets.length) {
      int room = Math.min(MAX_SCORES / classes, Math.max(64, samples * 2));
      targets = Arrays.copyOf(targets, room);
      scores = Arrays.copyOf(scores, room * classes);
    }
    System.arraycopy(probabilities, 0, scores, samples * classes, classes);
    targets[samples++] = target;
  }

  /**
   * Mean over classes; for two classes the same as the ordinary AUC. NaN when a class has no
   * samples or all of them, when a score is NaN, or when there were too many scores to keep.
   */
  double ovrMacro() {
    if (overflow || classes < 2) {
      return Double.NaN;
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += ovr(c);
    }
    return sum / classes;
  }

  /** Mann-Whitney U of class {@code c} over (positives x negatives); equal scores count half. */
  private double ovr(int c) {
    double[] positive = new double[samples];
    double[] negative = new double[samples];
    int p = 0;
    int n = 0;
    for (int i = 0; i < samples; i++) {
      double s = scores[i * classes + c];
      if (Double.isNaN(s)) {
        return Double.NaN;
      }
      if (targets[i] == c) {
        positive[p++] = s;
      } else {
        negative[n++] = s;
      }
    }
    Arrays.sort(positive, 0, p);
    Arrays.sort(negative, 0, n);
    double wins = 0;
    int below = 0;
    int upTo = 0;
    for (int i = 0; i < p; i++) {
      while (below < n && negative[below] < positive[i]) {
        below++;
      }
      upTo = Math.max(upTo, below);
      while (upTo < n && negative[upTo] <= positive[i]) {
        upTo++;
      }
      wins += below + (upTo - below) / 2.0;
    }
    return wins / ((double) p * n);
  }
}
