/**
 * Layers: parameters with a forward written in {@code autograd} ops, and how parameters start. Knows a device only as the
 * {@code Backend} of a tape. Used by {@code model} and what is above it. Start with {@link engine.nn.Init}.
 */
package engine.nn;
