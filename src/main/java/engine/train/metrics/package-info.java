/**
 * How good predictions are: confusion matrix, per-class figures, top-k, calibration, ROC-AUC.
 *
 * <p>Pure arithmetic over logits and targets on the host; the definitions are scikit-learn's with
 * {@code zero_division=0}. Depends on {@code tensor} only. {@code train}, {@code cli}, {@code
 * report} and {@code verify} may depend on it.
 *
 * <p>Start at {@link engine.train.metrics.ClassificationMetrics}; an evaluation loop feeds a {@link
 * engine.train.metrics.MetricsAccumulator} batch by batch.
 */
package engine.train.metrics;
