/**
 * The self-check of a device: every kernel and every fused convolution against the CPU and against
 * the same computed apart, a step recorded and replayed, mixed precision through an overflow.
 *
 * <p>Start with {@link engine.verify.self.SelfCheck}.
 */
package engine.verify.self;
