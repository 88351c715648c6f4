package engine.metrics;

/**
 * How often the target stands among the k largest logits, for every k.
 *
 * @param ranks {@code ranks[r]}: samples whose target has place r, 0 the best; of equal logits the
 *     lower index comes first, as {@code argmax} has it, so that top-1 is the accuracy
 * @param ranksSklearn the same with scikit-learn's tie rule: the higher index first
 */
public record TopK(long[] ranks, long[] ranksSklearn) {

  /** Share of samples whose target is among the {@code k} best; 1 for {@code k >= K}. */
  public double accuracy(int k) {
    return share(ranks, k);
  }

  /** {@link #accuracy} as {@code sklearn.metrics.top_k_accuracy_score} gives it. */
  public double accuracySklearn(int k) {
    return share(ranksSklearn, k);
  }

  private static double share(long[] ranks, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("top-k needs k of at least 1, not " + k);
    }
    long hits = 0;
    long all = 0;
    for (int r = 0; r < ranks.length; r++) {
      hits += r < k ? ranks[r] : 0;
      all += ranks[r];
    }
    return all == 0 ? 0 : (double) hits / all;
  }
}
