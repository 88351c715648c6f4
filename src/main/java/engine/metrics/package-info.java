/**
 * How good predictions are: confusion matrix, per-class figures, top-k, calibration, ROC-AUC.
 *
 * <p>Pure arithmetic over logits and targets on the host; the definitions are scikit-learn's with
 * {@code zero_division=0}. Depends on {@code base} and {@code tensor} only.
 *
 * <p>Start at {@link engine.metrics.ClassificationMetrics}; an evaluation loop feeds a {@link
 * engine.metrics.MetricsAccumulator} batch by batch.
 */
package engine.metrics;
