package engine.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Labels that are probably wrong, told from the probabilities that a model gives to pictures it was
 * not trained on: confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning:
 * Estimating Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
 * section 3.1, equations 1 and 2).
 *
 * <p>A class's threshold is the mean probability that its own pictures have of it, so that classes
 * the model is less sure of are held to less. A picture is counted for the most probable of the
 * classes whose threshold it reaches. Its label is suspect where that is another class, and the
 * most probable of all is another, too.
 */
public final class ConfidentLearning {
  private ConfidentLearning() {}

  /**
   * A label that is probably wrong.
   *
   * @param index of the picture
   * @param predicted the most probable class
   * @param probability of that
   * @param selfConfidence probability of the label
   * @param margin self-confidence less the probability of the most probable other class, -1 to 0
   */
  public record Suspect(
      int index,
      int label,
      int predicted,
      double probability,
      double selfConfidence,
      double margin) {}

  /**
   * @param probabilities a row a picture
   * @param labels of the pictures
   * @return the least margin first
   */
  public static List<Suspect> suspects(List<double[]> probabilities, int[] labels) {
    if (labels.length == 0) {
      return List.of();
    }
    double[] thresholds = thresholds(probabilities, labels);
    List<Suspect> out = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      double[] p = probabilities.get(i);
      int best = Logits.argmax(p);
      int counted = counted(p, thresholds);
      if (counted >= 0 && counted != labels[i] && best != labels[i]) {
        double own = p[labels[i]];
        out.add(new Suspect(i, labels[i], best, p[best], own, own - p[best]));
      }
    }
    out.sort(Comparator.comparingDouble(Suspect::margin));
    return List.copyOf(out);
  }

  /** Of each class; of one without pictures more than any probability. */
  private static double[] thresholds(List<double[]> probabilities, int[] labels) {
    int classes = probabilities.getFirst().length;
    double[] sum = new double[classes];
    int[] count = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      sum[labels[i]] += probabilities.get(i)[labels[i]];
      count[labels[i]]++;
    }
    for (int c = 0; c < classes; c++) {
      sum[c] = count[c] == 0 ? Double.POSITIVE_INFINITY : sum[c] / count[c];
    }
    return sum;
  }

  /** The most probable class of those whose threshold is reached; -1 if none is. */
  private static int counted(double[] p, double[] thresholds) {
    int best = -1;
    for (int c = 0; c < p.length; c++) {
      if (p[c] >= thresholds[c] && (best < 0 || p[c] > p[best])) {
        best = c;
      }
    }
    return best;
  }
}
