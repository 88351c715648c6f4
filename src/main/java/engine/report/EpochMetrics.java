package engine.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One epoch of training: a line of {@code metrics.jsonl}. A figure that was not measured is NaN.
 *
 * @param epoch counted from 1
 * @param trainLoss mean over the epoch's batches
 * @param valLoss mean over the validation set
 * @param valAccuracy 0 to 1
 * @param lr learning rate at the epoch's end
 * @param imagesPerSecond training throughput
 * @param seconds wall time of the epoch, validation included
 * @param extra further figures by their JSON names
 */
public record EpochMetrics(
    int epoch,
    double trainLoss,
    double valLoss,
    double valAccuracy,
    double lr,
    double imagesPerSecond,
    double seconds,
    Map<String, Double> extra) {

  public EpochMetrics {
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }
}
