/**
 * What is left of a run to look at: TensorBoard events, {@code report.html}, plots.
 *
 * <p>Takes plain records and knows nothing of models or tensors on devices. Depends on {@code
 * base}, {@code console}, {@code metrics}, Gson and protobuf's {@code CodedOutputStream}.
 *
 * <p>Start at {@link engine.report.RunReport} for the page, and at {@link
 * engine.report.EpochMetrics} for what is recorded each epoch.
 */
package engine.report;
