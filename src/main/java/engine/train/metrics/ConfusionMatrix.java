package engine.train.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Counts of (true class, predicted class) pairs, and every figure that follows from the counts
 * alone. Rows are true classes, columns predictions. Immutable.
 */
public final class ConfusionMatrix {
  private final int classes;
  private final long[] counts;

  /** Takes {@code counts} as they are: {@code [K, K]} row-major. */
  ConfusionMatrix(int classes, long[] counts) {
    if (classes < 1 || counts.length != (long) classes * classes) {
      throw new IllegalArgumentException(
          classes + " classes need " + (long) classes * classes + " counts, not " + counts.length);
    }
    this.classes = classes;
    this.counts = counts;
  }

  /** The matrix of {@code counts[true][predicted]}, which must be square. */
  public static ConfusionMatrix of(long[][] counts) {
    int k = counts.length;
    long[] flat = new long[Math.multiplyExact(k, k)];
    for (int t = 0; t < k; t++) {
      if (counts[t].length != k) {
        throw new IllegalArgumentException(
            "row " + t + " of a confusion matrix of " + k + " classes has " + counts[t].length);
      }
      System.arraycopy(counts[t], 0, flat, t * k, k);
    }
    return new ConfusionMatrix(k, flat);
  }

  /** Number of classes K. */
  public int classes() {
    return classes;
  }

  /** How many samples of class {@code truth} were predicted as {@code predicted}. */
  public long count(int truth, int predicted) {
    return counts[truth * classes + predicted];
  }

  /** The counts as {@code [K, K]} row-major, a copy. */
  public long[] toArray() {
    return counts.clone();
  }

  /** Samples whose true class is {@code c} (the row's sum). */
  public long support(int c) {
    long sum = 0;
    for (int p = 0; p < classes; p++) {
      sum += count(c, p);
    }
    return sum;
  }

  /** Samples predicted as {@code c} (the column's sum). */
  public long predicted(int c) {
    long sum = 0;
    for (int t = 0; t < classes; t++) {
      sum += count(t, c);
    }
    return sum;
  }

  public long samples() {
    long sum = 0;
    for (long n : counts) {
      sum += n;
    }
    return sum;
  }

  /** Samples on the diagonal. */
  public long correct() {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += count(c, c);
    }
    return sum;
  }

  public double accuracy() {
    return ratio(correct(), samples());
  }

  /** Mean recall over the classes that have samples. */
  public double balancedAccuracy() {
    double sum = 0;
    int seen = 0;
    for (ClassScore s : perClass()) {
      if (s.support() > 0) {
        sum += s.recall();
        seen++;
      }
    }
    return seen == 0 ? 0 : sum / seen;
  }

  /** Precision, recall, F1 and support of every class, in class order. */
  public List<ClassScore> perClass() {
    List<ClassScore> out = new ArrayList<>(classes);
    for (int c = 0; c < classes; c++) {
      long hit = count(c, c);
      long support = support(c);
      long predicted = predicted(c);
      out.add(
          new ClassScore(
              ratio(hit, predicted),
              ratio(hit, support),
              ratio(2 * hit, support + predicted),
              support,
              predicted));
    }
    return out;
  }

  /**
   * Matthews correlation coefficient for K classes (Gorodkin 2004, R_K); 0 where it is undefined,
   * as scikit-learn has it.
   */
  public double matthews() {
    double n = samples();
    double agreement = correct() * n;
    double truth = n * n;
    double guess = n * n;
    for (int c = 0; c < classes; c++) {
      double t = support(c);
      double p = predicted(c);
      agreement -= t * p;
      truth -= t * t;
      guess -= p * p;
    }
    double scale = Math.sqrt(truth * guess);
    return scale == 0 ? 0 : agreement / scale;
  }

  /**
   * Cohen's kappa (Cohen 1960): agreement beyond chance. NaN when truth and prediction are both one
   * and the same class throughout, where chance explains everything.
   */
  public double cohenKappa() {
    double n = samples();
    double chance = 0;
    for (int c = 0; c < classes; c++) {
      chance += support(c) / n * predicted(c);
    }
    return n == chance ? Double.NaN : 1 - (n - correct()) / (n - chance);
  }

  /** The {@code limit} largest off-diagonal counts, largest first, ties in class order. */
  public List<ConfusedPair> mostConfused(int limit) {
    Comparator<ConfusedPair> best =
        Comparator.comparingLong(ConfusedPair::count)
            .reversed()
            .thenComparingInt(ConfusedPair::truth)
            .thenComparingInt(ConfusedPair::predicted);
    PriorityQueue<ConfusedPair> kept = new PriorityQueue<>(best.reversed());
    for (int t = 0; t < classes; t++) {
      long support = support(t);
      for (int p = 0; p < classes; p++) {
        if (t != p && count(t, p) > 0) {
          kept.add(new ConfusedPair(t, p, count(t, p), ratio(count(t, p), support)));
          if (kept.size() > limit) {
            kept.remove();
          }
        }
      }
    }
    return kept.stream().sorted(best).toList();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
