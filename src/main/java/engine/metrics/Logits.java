package engine.metrics;

/**
 * What one row of logits says. NaN counts as larger than any number, as in PyTorch's argmax, so
 * that a diverged model gets figures (and a NaN loss) rather than an exception.
 */
public final class Logits {
  private Logits() {}

  /** Index of the first maximum of {@code logits[from .. from + classes)}. */
  public static int argmax(float[] logits, int from, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (beats(logits[from + c], logits[from + best])) {
        best = c;
      }
    }
    return best;
  }

  /** Index of the first maximum. */
  public static int argmax(double[] probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      best = probabilities[c] > probabilities[best] ? c : best;
    }
    return best;
  }

  /** Softmax in double precision of {@code logits[from .. from + classes)}. */
  public static double[] softmax(float[] logits, int from, int classes) {
    double max = logits[from + argmax(logits, from, classes)];
    double[] p = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      p[c] = Math.exp(logits[from + c] - max);
      sum += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= sum;
    }
    return p;
  }

  /**
   * Minus the logarithm of {@code target}'s softmax, from the logits: where the probability is 0 to
   * the last bit, this is still how far its logit is below the largest.
   */
  static double crossEntropy(float[] logits, int from, int classes, int target) {
    double max = logits[from + argmax(logits, from, classes)];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits[from + c] - max);
    }
    return Math.log(sum) + (max - logits[from + target]);
  }

  /**
   * Place of {@code target}, 0 the best: larger logits come first, of equal ones the lower index.
   */
  static int rank(float[] logits, int from, int classes, int target) {
    return place(logits, from, classes, target, true);
  }

  /** As {@link #rank}, but of equal logits the higher index comes first: scikit-learn's order. */
  static int rankSklearn(float[] logits, int from, int classes, int target) {
    return place(logits, from, classes, target, false);
  }

  private static int place(float[] logits, int from, int classes, int target, boolean lowFirst) {
    float own = logits[from + target];
    int ahead = 0;
    for (int c = 0; c < classes; c++) {
      float other = logits[from + c];
      boolean tieWins = c != target && c < target == lowFirst;
      if (beats(other, own) || tieWins && !beats(own, other)) {
        ahead++;
      }
    }
    return ahead;
  }

  private static boolean beats(float a, float b) {
    return a > b || Float.isNaN(a) && !Float.isNaN(b);
  }
}
