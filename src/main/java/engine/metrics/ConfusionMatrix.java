package engine.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Counts of (true class, predicted class) pairs, and every figure that follows from the counts
 * alone. Rows are true classes, columns predictions. Immutable.
 *
 * <p>Only pairs that occurred are kept: thousands of classes have millions of pairs, of which a
 * validation set can show no more than it has pictures.
 */
public final class ConfusionMatrix {
  private final int classes;
  private final long[] pairs;
  private final long[] counts;
  private final long[] hits;
  private final long[] support;
  private final long[] predicted;

  /** Of the macro F1, made when first asked for: it takes a second where many pairs occurred. */
  private Interval macroF1;

  /**
   * Takes the arrays as they are.
   *
   * @param pairs {@code truth * classes + predicted}, ascending
   * @param counts of each pair
   */
  ConfusionMatrix(int classes, long[] pairs, long[] counts) {
    if (classes < 1 || counts.length != pairs.length) {
      throw new IllegalArgumentException(
          classes + " classes, " + pairs.length + " pairs, " + counts.length + " counts");
    }
    this.classes = classes;
    this.pairs = pairs;
    this.counts = counts;
    this.hits = new long[classes];
    this.support = new long[classes];
    this.predicted = new long[classes];
    for (int i = 0; i < pairs.length; i++) {
      int t = truth(i);
      int p = predicted(pairs[i]);
      support[t] += counts[i];
      predicted[p] += counts[i];
      hits[t] += t == p ? counts[i] : 0;
    }
  }

  private int truth(int i) {
    return (int) (pairs[i] / classes);
  }

  private int predicted(long pair) {
    return (int) (pair % classes);
  }

  /** The matrix of {@code counts[true][predicted]}, which must be square. */
  public static ConfusionMatrix of(long[][] counts) {
    int k = counts.length;
    for (int t = 0; t < k; t++) {
      if (counts[t].length != k) {
        throw new IllegalArgumentException(
            "row " + t + " of a confusion matrix of " + k + " classes has " + counts[t].length);
      }
    }
    long[] flat = Arrays.stream(counts).flatMapToLong(Arrays::stream).toArray();
    long[] pairs = LongStream.range(0, flat.length).filter(i -> flat[(int) i] > 0).toArray();
    return new ConfusionMatrix(
        k, pairs, Arrays.stream(pairs).map(pair -> flat[(int) pair]).toArray());
  }

  /** The same pairs with other counts, as drawn anew. */
  ConfusionMatrix withCounts(long[] others) {
    return new ConfusionMatrix(classes, pairs, others);
  }

  /** The count of each pair that occurred, row by row. */
  long[] counts() {
    return counts;
  }

  /** Number of classes K. */
  public int classes() {
    return classes;
  }

  /** How many samples of class {@code truth} were predicted as {@code predicted}. */
  public long count(int truth, int predicted) {
    Objects.checkIndex(truth, classes);
    Objects.checkIndex(predicted, classes);
    int i = Arrays.binarySearch(pairs, (long) truth * classes + predicted);
    return i < 0 ? 0 : counts[i];
  }

  /** The counts as {@code [K, K]} row-major, those that are 0 too: for few classes. */
  public long[] toArray() {
    long[] all = new long[Math.multiplyExact(classes, classes)];
    for (int i = 0; i < pairs.length; i++) {
      all[(int) pairs[i]] = counts[i];
    }
    return all;
  }

  /** Samples whose true class is {@code c} (the row's sum). */
  public long support(int c) {
    return support[c];
  }

  /** Samples predicted as {@code c} (the column's sum). */
  public long predicted(int c) {
    return predicted[c];
  }

  public long samples() {
    return LongStream.of(support).sum();
  }

  /** Samples on the diagonal. */
  public long correct() {
    return LongStream.of(hits).sum();
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
      out.add(
          new ClassScore(
              ratio(hits[c], predicted[c]),
              ratio(hits[c], support[c]),
              ratio(2 * hits[c], support[c] + predicted[c]),
              support[c],
              predicted[c]));
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

  /** 95 % interval of the macro F1, by the bootstrap. */
  synchronized Interval macroF1Interval() {
    if (macroF1 == null) {
      macroF1 = Interval.bootstrap(this, m -> Averages.macro(m.perClass()).f1());
    }
    return macroF1;
  }

  /** Kinds of mistakes: pairs of two classes that occurred. */
  public long confusedPairs() {
    return IntStream.range(0, pairs.length)
        .filter(i -> counts[i] > 0 && truth(i) != predicted(pairs[i]))
        .count();
  }

  /** The {@code limit} largest off-diagonal counts, largest first, ties in class order. */
  public List<ConfusedPair> mostConfused(int limit) {
    Comparator<ConfusedPair> best =
        Comparator.comparingLong(ConfusedPair::count)
            .reversed()
            .thenComparingInt(ConfusedPair::truth)
            .thenComparingInt(ConfusedPair::predicted);
    PriorityQueue<ConfusedPair> kept = new PriorityQueue<>(best.reversed());
    for (int i = 0; i < pairs.length; i++) {
      int t = truth(i);
      int p = predicted(pairs[i]);
      if (t != p && counts[i] > 0) {
        kept.add(new ConfusedPair(t, p, counts[i], ratio(counts[i], support[t])));
        if (kept.size() > limit) {
          kept.remove();
        }
      }
    }
    return kept.stream().sorted(best).toList();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** Both matrices together, of the same classes. */
  public ConfusionMatrix plus(ConfusionMatrix other) {
    TreeMap<Long, Long> sum = new TreeMap<>();
    for (ConfusionMatrix m : List.of(this, other)) {
      for (int i = 0; i < m.pairs.length; i++) {
        sum.merge(m.pairs[i], m.counts[i], Long::sum);
      }
    }
    return new ConfusionMatrix(
        classes,
        sum.keySet().stream().mapToLong(Long::longValue).toArray(),
        sum.values().stream().mapToLong(Long::longValue).toArray());
  }
}
