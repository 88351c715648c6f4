package engine.verify;

import com.google.gson.JsonElement;
import engine.metrics.Averages;
import engine.metrics.ClassScore;
import engine.metrics.ClassificationMetrics;
import engine.metrics.Logits;
import engine.tensor.HostTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Group {@code metrics}: classification figures as scikit-learn gives them. */
public final class MetricsCases implements CaseRunner {
  private static final double TOLERANCE = 1e-6;
  private static final double CAP = 1e-15;

  @Override
  public boolean knows(ReferenceCase c) {
    return c.op().equals("metrics");
  }

  @Override
  public void run(ReferenceCase c, Checks checks) {
    HostTensor logits = c.in("logits");
    int classes = logits.shape().size(1);
    int[] targets = Arrays.stream(c.in("target").toLongs()).mapToInt(Math::toIntExact).toArray();
    ClassificationMetrics m = ClassificationMetrics.of(logits, targets, classes);
    checkArrays(c, checks, m, predictions(logits.toFloats(), classes));

    Map<String, Double> figures = figures(m);
    figures.merge("log_loss", -capped(logits.toFloats(), targets, classes), Double::sum);
    for (Map.Entry<String, JsonElement> e : c.attrs().getAsJsonObject("expected").entrySet()) {
      String name = e.getKey();
      Double got = figures.get(name);
      if (got == null) {
        checks.that("figure " + name + " is known", false);
      } else {
        double slack = name.startsWith("roc_auc") ? roundingSlack(logits, targets) : 0;
        checks.scalar(name, e.getValue().getAsDouble(), got, TOLERANCE + slack);
      }
    }
  }

  private static void checkArrays(
      ReferenceCase c, Checks checks, ClassificationMetrics m, long[] predictions) {
    List<ClassScore> perClass = m.perClass();
    long k = m.classes();
    checks.array("out.pred", HostTensor.of(predictions, predictions.length));
    checks.array("out.precision", column(perClass, ClassScore::precision));
    checks.array("out.recall", column(perClass, ClassScore::recall));
    checks.array("out.f1", column(perClass, ClassScore::f1));
    long[] support = perClass.stream().mapToLong(ClassScore::support).toArray();
    checks.array("out.support", HostTensor.of(support, k));
    if (c.has("out.confusion")) {
      checks.array("out.confusion", HostTensor.of(m.confusion().toArray(), k, k));
    }
  }

  /**
   * How far the macro ROC-AUC can move when scores that are equal in exact arithmetic are rounded
   * apart. Rows that hold the same logits in another order have equal probabilities, but the last
   * bit depends on the platform's {@code exp} (NumPy's differs between versions and CPUs), and each
   * such pair counts 0, 1/2 or 1. Without such pairs the slack is 0.
   */
  private static double roundingSlack(HostTensor logits, int[] targets) {
    int classes = logits.shape().size(1);
    float[] values = logits.toFloats();
    double[][] p = new double[targets.length][];
    for (int i = 0; i < p.length; i++) {
      p[i] = Logits.softmax(values, i * classes, classes);
    }
    double slack = 0;
    for (int c = 0; c < classes; c++) {
      long close = 0;
      long pairs = 0;
      for (int i = 0; i < p.length; i++) {
        for (int j = 0; j < p.length; j++) {
          if (targets[i] == c && targets[j] != c) {
            pairs++;
            boolean rounding = Math.abs(p[i][c] - p[j][c]) <= 1e-14 * p[i][c];
            close += rounding && !Arrays.equals(p[i], p[j]) ? 1 : 0;
          }
        }
      }
      slack += pairs == 0 ? 0 : (double) close / pairs;
    }
    return slack / classes;
  }

  /**
   * What a mean loss loses to scikit-learn's cap at a probability of 1e-15 (as it was before 1.2);
   * ours has none.
   */
  private static double capped(float[] logits, int[] targets, int classes) {
    double sum = 0;
    for (int i = 0; i < targets.length; i++) {
      float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
      double own = ClassificationMetrics.of(row, new int[] {targets[i]}, classes).logLoss();
      sum += Math.max(0, own + Math.log(CAP));
    }
    return sum / targets.length;
  }

  private static long[] predictions(float[] logits, int classes) {
    long[] out = new long[logits.length / classes];
    for (int i = 0; i < out.length; i++) {
      out[i] = Logits.argmax(logits, i * classes, classes);
    }
    return out;
  }

  private static HostTensor column(List<ClassScore> rows, ToDoubleFunction<ClassScore> value) {
    return HostTensor.of(rows.stream().mapToDouble(value).toArray(), rows.size());
  }

  /** Our figures under the manifest's names. */
  private static Map<String, Double> figures(ClassificationMetrics m) {
    Map<String, Double> f = new HashMap<>();
    f.put("accuracy", m.accuracy());
    f.put("balanced_accuracy", m.balancedAccuracy());
    putAverages(f, "macro", m.macroOfAllClasses());
    putAverages(f, "micro", m.micro());
    putAverages(f, "weighted", m.weighted());
    f.put("f1_macro_sklearn_default_labels", m.macro().f1());
    for (int k = 1; k <= m.classes(); k++) {
      f.put("top" + k, m.topK(k));
      f.put("top" + k + "_sklearn", m.topK().accuracySklearn(k));
    }
    f.put("log_loss", m.logLoss());
    f.put("matthews", m.matthews());
    f.put("cohen_kappa", m.cohenKappa());
    f.put("ece_15_bins", m.expectedCalibrationError());
    f.put("roc_auc_ovr_macro", m.rocAucOvrMacro());
    return f;
  }

  private static void putAverages(Map<String, Double> f, String kind, Averages a) {
    f.put("precision_" + kind + "_labels_all", a.precision());
    f.put("recall_" + kind + "_labels_all", a.recall());
    f.put("f1_" + kind + "_labels_all", a.f1());
  }
}
