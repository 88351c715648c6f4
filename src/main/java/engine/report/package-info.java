/**
 * What is left of a run to look at: {@code metrics.jsonl}, TensorBoard events, {@code report.html}.
 *
 * <p>Takes plain records and knows nothing of models or tensors on devices. Depends on {@code
 * base}, {@code train.metrics}, Gson and protobuf's {@code CodedOutputStream}; {@code cli} and
 * {@code train} may depend on it.
 *
 * <p>Start at {@link engine.report.MetricsLog} for what is recorded each epoch and at {@link
 * engine.report.RunReport} for the page made of it. What a run prints is in {@code
 * engine.report.console}.
 */
package engine.report;
