package engine.train;

import engine.train.metrics.ClassificationMetrics;
import java.util.List;

/**
 * What a model did on a dataset.
 *
 * @param metrics accuracy and all else
 * @param mistakes the surest wrong answers, surest first
 * @param seconds wall time of the whole pass
 * @param imagesPerSecond of the model alone, decoding left out
 */
public record Evaluation(
    ClassificationMetrics metrics, List<Mistake> mistakes, double seconds, double imagesPerSecond) {

  /**
   * A wrong answer.
   *
   * @param index of the sample in the dataset
   * @param probability that the model gave to its answer
   */
  public record Mistake(int index, int truth, int predicted, double probability) {}
}
