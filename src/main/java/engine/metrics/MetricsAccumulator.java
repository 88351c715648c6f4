package engine.metrics;

import engine.tensor.HostTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers what {@link ClassificationMetrics} needs, batch by batch: feed it the logits of an
 * evaluation loop, then ask for the {@link #result()}. The order and size of batches do not change
 * the figures. Not safe for use by several threads at once.
 */
public final class MetricsAccumulator {
  private final int classes;
  private final long[] hits;
  private final Map<Long, Long> misses = new HashMap<>();
  private final long[] ranks;
  private final long[] ranksSklearn;
  private final Calibration calibration = new Calibration();
  private final RocAuc rocAuc;
  private double negLogLikelihood;
  private long samples;

  /** For {@code classes} (K) of at least 1. */
  public MetricsAccumulator(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("metrics need at least one class, not " + classes);
    }
    this.classes = classes;
    this.hits = new long[classes];
    this.ranks = new long[classes];
    this.ranksSklearn = new long[classes];
    this.rocAuc = new RocAuc(classes);
  }

  /**
   * Adds a batch.
   *
   * @param logits {@code [N, K]} row-major
   * @param targets N class indices
   */
  public MetricsAccumulator add(float[] logits, int[] targets) {
    if (logits.length != (long) targets.length * classes) {
      throw new IllegalArgumentException(
          "%d targets of %d classes need %d logits, not %d"
              .formatted(targets.length, classes, (long) targets.length * classes, logits.length));
    }
    for (int i = 0; i < targets.length; i++) {
      addRow(logits, i * classes, targets[i]);
    }
    return this;
  }

  /** As {@link #add(float[], int[])} with logits of any floating type, shape {@code [N, K]}. */
  public MetricsAccumulator add(HostTensor logits, int[] targets) {
    if (logits.shape().rank() != 2 || logits.shape().dim(1) != classes) {
      throw new IllegalArgumentException(
          "logits must be [N, " + classes + "], not " + logits.shape());
    }
    return add(logits.toFloats(), targets);
  }

  /** Samples added so far. */
  public long samples() {
    return samples;
  }

  /** The figures of everything added so far; more may be added afterwards. */
  public ClassificationMetrics result() {
    if (samples == 0) {
      throw new IllegalStateException("there are no samples to evaluate");
    }
    return new ClassificationMetrics(
        confusion(),
        new TopK(ranks.clone(), ranksSklearn.clone()),
        negLogLikelihood / samples,
        calibration.expectedError(samples),
        calibration.bins(),
        rocAuc.ovrMacro());
  }

  private ConfusionMatrix confusion() {
    TreeMap<Long, Long> all = new TreeMap<>(misses);
    for (int c = 0; c < classes; c++) {
      if (hits[c] > 0) {
        all.put((long) c * classes + c, hits[c]);
      }
    }
    return new ConfusionMatrix(
        classes,
        all.keySet().stream().mapToLong(Long::longValue).toArray(),
        all.values().stream().mapToLong(Long::longValue).toArray());
  }

  private void addRow(float[] logits, int from, int target) {
    if (target < 0 || target >= classes) {
      throw new IllegalArgumentException(
          "target %d of sample %d is not one of the %d classes"
              .formatted(target, samples, classes));
    }
    int predicted = Logits.argmax(logits, from, classes);
    double[] p = Logits.softmax(logits, from, classes);
    if (predicted == target) {
      hits[target]++;
    } else {
      misses.merge((long) target * classes + predicted, 1L, Long::sum);
    }
    ranks[Logits.rank(logits, from, classes, target)]++;
    ranksSklearn[Logits.rankSklearn(logits, from, classes, target)]++;
    calibration.add(p[predicted], predicted == target);
    rocAuc.add(p, target);
    negLogLikelihood += Logits.crossEntropy(logits, from, classes, target);
    samples++;
  }
}
