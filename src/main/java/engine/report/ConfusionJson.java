package engine.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.metrics.ClassificationMetrics;
import engine.metrics.ConfusedPair;

/**
 * Which classes were taken for which, for machines: of few classes the whole matrix, {@code
 * confusion[true][predicted]}; of many the mistakes alone, {@code confused}, since a matrix of
 * thousands is all but empty.
 */
public final class ConfusionJson {
  /** Up to so many classes the whole matrix is written. */
  static final int FEW = 100;

  /** Kinds of mistakes listed where the matrix is not. */
  private static final int LISTED = 40_000;

  private ConfusionJson() {}

  /** Adds {@code confusion}, or {@code confused} and {@code confused_left_out}. */
  public static void add(JsonObject to, ClassificationMetrics m) {
    if (m.classes() <= FEW) {
      to.add("confusion", matrix(m));
    } else {
      to.add("confused", confused(m));
      long left = m.confusion().confusedPairs() - LISTED;
      to.addProperty("confused_left_out", Math.max(0, left));
    }
  }

  private static JsonArray matrix(ClassificationMetrics m) {
    JsonArray matrix = new JsonArray();
    for (int t = 0; t < m.classes(); t++) {
      JsonArray row = new JsonArray();
      for (int p = 0; p < m.classes(); p++) {
        row.add(m.confusion().count(t, p));
      }
      matrix.add(row);
    }
    return matrix;
  }

  /** Of each kind of mistake the numbers of the true and the predicted class and its count. */
  private static JsonArray confused(ClassificationMetrics m) {
    JsonArray all = new JsonArray();
    for (ConfusedPair p : m.confusion().mostConfused(LISTED)) {
      JsonArray one = new JsonArray();
      one.add(p.truth());
      one.add(p.predicted());
      one.add(p.count());
      all.add(one);
    }
    return all;
  }
}
