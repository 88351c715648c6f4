package engine.eval;

import engine.metrics.ClassificationMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model did on a dataset.
 *
 * @param metrics accuracy and all else
 * @param answers one for each sample, in the order of the dataset
 * @param seconds wall time of the whole pass
 * @param imagesPerSecond of the model alone, decoding left out
 */
public record Evaluation(
    ClassificationMetrics metrics, List<Answer> answers, double seconds, double imagesPerSecond) {

  /**
   * What the model said about a sample.
   *
   * @param index of the sample in the dataset
   * @param probability that the model gave to its answer
   * @param margin by which that is more than the next best class's
   */
  public record Answer(int index, int truth, int predicted, float probability, float margin) {
    public boolean isRight() {
      return truth == predicted;
    }
  }

  /** The surest wrong answers, surest first. */
  public List<Answer> worstMistakes(int limit) {
    return answers.stream()
        .filter(a -> !a.isRight())
        .sorted(Comparator.comparingDouble(a -> -a.probability()))
        .limit(limit)
        .toList();
  }

  /** Of each class with right answers the surest one, in the order of classes. */
  public List<Answer> surestRight() {
    Map<Integer, Answer> best = new TreeMap<>();
    for (Answer a : answers) {
      if (a.isRight()) {
        best.merge(a.truth(), a, (x, y) -> y.probability() > x.probability() ? y : x);
      }
    }
    return List.copyOf(best.values());
  }

  /** The answers between whose two best classes the model could least decide, right or wrong. */
  public List<Answer> leastCertain(int limit) {
    return answers.stream()
        .sorted(Comparator.comparingDouble(Answer::margin))
        .limit(limit)
        .toList();
  }

  /** Answers about one class that name another (or the same), surest first. */
  public List<Answer> of(int truth, int predicted, int limit) {
    return answers.stream()
        .filter(a -> a.truth() == truth && a.predicted() == predicted)
        .sorted(Comparator.comparingDouble(a -> -a.probability()))
        .limit(limit)
        .toList();
  }
}
