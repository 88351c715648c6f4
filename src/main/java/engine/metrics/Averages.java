package engine.metrics;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Precision, recall and F1 averaged over classes, in one of scikit-learn's ways. */
public record Averages(double precision, double recall, double f1) {

  /**
   * Every class that occurs in targets or predictions counts the same: scikit-learn's default. A
   * class that neither has leaves no trace; one with targets or predictions alone counts as 0.
   */
  static Averages macro(List<ClassScore> classes) {
    return mean(classes, c -> c.support() > 0 || c.predicted() > 0 ? 1 : 0);
  }

  /** The macro mean over all classes, one that never occurs counting as 0. */
  static Averages macroOfAll(List<ClassScore> classes) {
    return mean(classes, c -> 1);
  }

  /** Classes count by their support. */
  static Averages weighted(List<ClassScore> classes) {
    return mean(classes, ClassScore::support);
  }

  /** All samples in one pot; with one label a sample, all three are the accuracy. */
  static Averages micro(ConfusionMatrix m) {
    return new Averages(m.accuracy(), m.accuracy(), m.accuracy());
  }

  private static Averages mean(List<ClassScore> classes, ToDoubleFunction<ClassScore> weight) {
    double total = 0;
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (ClassScore c : classes) {
      double w = weight.applyAsDouble(c);
      total += w;
      precision += w * c.precision();
      recall += w * c.recall();
      f1 += w * c.f1();
    }
    return total == 0
        ? new Averages(0, 0, 0)
        : new Averages(precision / total, recall / total, f1 / total);
  }
}
