package engine.metrics;

import engine.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How well a classifier did on a set of samples. Shares are 0 to 1; definitions are scikit-learn's
 * with {@code zero_division=0}.
 *
 * @param confusion true class by predicted class
 * @param topK top-k accuracies
 * @param logLoss mean negative log of the target's probability (nats), PyTorch's {@code
 *     cross_entropy}: of the logits themselves, so that no sample's is capped
 * @param expectedCalibrationError over 15 equal bins of the largest probability
 * @param calibration those bins, from the least probability on
 * @param rocAucOvrMacro mean one-versus-rest ROC-AUC; NaN when a class has no samples
 */
public record ClassificationMetrics(
    ConfusionMatrix confusion,
    TopK topK,
    double logLoss,
    double expectedCalibrationError,
    List<CalibrationBin> calibration,
    double rocAucOvrMacro) {

  /** The figures of {@code logits [N, K]} (row-major) against N {@code targets}. */
  public static ClassificationMetrics of(float[] logits, int[] targets, int classes) {
    return new MetricsAccumulator(classes).add(logits, targets).result();
  }

  /** As {@link #of(float[], int[], int)}; {@code logits} is {@code [N, K]}. */
  public static ClassificationMetrics of(HostTensor logits, int[] targets, int classes) {
    return new MetricsAccumulator(classes).add(logits, targets).result();
  }

  /** As {@link #of(float[], int[], int)}; one array a sample. */
  public static ClassificationMetrics of(float[][] logits, int[] targets, int classes) {
    if (logits.length != targets.length) {
      throw new IllegalArgumentException(
          logits.length + " rows of logits do not go with " + targets.length + " targets");
    }
    MetricsAccumulator all = new MetricsAccumulator(classes);
    for (int i = 0; i < targets.length; i++) {
      all.add(logits[i], new int[] {targets[i]});
    }
    return all.result();
  }

  public int classes() {
    return confusion.classes();
  }

  public long samples() {
    return confusion.samples();
  }

  public double accuracy() {
    return confusion.accuracy();
  }

  /** 95 % interval of the accuracy. */
  public Interval accuracyInterval() {
    return Interval.wilson(confusion.correct(), samples());
  }

  /** 95 % interval of the macro F1. */
  public Interval macroF1Interval() {
    return confusion.macroF1Interval();
  }

  /** Share of samples whose target is among the {@code k} largest logits. */
  public double topK(int k) {
    return topK.accuracy(k);
  }

  /** The k for which {@link #topK} tells most: 5, 2 of at most five classes, none of two. */
  public OptionalInt usefulTopK() {
    return classes() > 5
        ? OptionalInt.of(5)
        : classes() > 2 ? OptionalInt.of(2) : OptionalInt.empty();
  }

  public double balancedAccuracy() {
    return confusion.balancedAccuracy();
  }

  /** Precision, recall, F1 and support of every class, in class order. */
  public List<ClassScore> perClass() {
    return confusion.perClass();
  }

  /** Mean over the classes that occur in targets or predictions, as scikit-learn has it. */
  public Averages macro() {
    return Averages.macro(perClass());
  }

  /** Mean over all K classes, a class that never occurs counting as 0. */
  public Averages macroOfAllClasses() {
    return Averages.macroOfAll(perClass());
  }

  /** Classes without a sample: nothing is measured for them. */
  public int[] absentClasses() {
    return IntStream.range(0, classes()).filter(c -> confusion.support(c) == 0).toArray();
  }

  public Averages micro() {
    return Averages.micro(confusion);
  }

  public Averages weighted() {
    return Averages.weighted(perClass());
  }

  public double matthews() {
    return confusion.matthews();
  }

  public double cohenKappa() {
    return confusion.cohenKappa();
  }

  /** Every single-number figure by its name in JSON, in a fixed order. */
  public Map<String, Double> summary() {
    Map<String, Double> m = new LinkedHashMap<>();
    m.put("accuracy", accuracy());
    m.put("balanced_accuracy", balancedAccuracy());
    for (int k : new int[] {2, 3, 5}) {
      if (k < classes()) {
        m.put("top" + k, topK(k));
      }
    }
    put(m, "macro", macro());
    put(m, "weighted", weighted());
    m.put("log_loss", logLoss);
    m.put("matthews", matthews());
    m.put("cohen_kappa", cohenKappa());
    m.put("ece", expectedCalibrationError);
    m.put("roc_auc_ovr_macro", rocAucOvrMacro);
    return m;
  }

  private static void put(Map<String, Double> m, String name, Averages a) {
    m.put("precision_" + name, a.precision());
    m.put("recall_" + name, a.recall());
    m.put("f1_" + name, a.f1());
  }
}
