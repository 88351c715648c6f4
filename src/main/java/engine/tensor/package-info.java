/**
 * Values: shapes, element types, layouts, host and device tensors. Knows no device and no op.
 * Everything above may depend on it; it depends on nothing. Start with {@link
 * engine.tensor.Tensor}.
 */
package engine.tensor;
