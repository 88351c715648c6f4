/**
 * Quantised networks on the CPU: oneDNN's products of unsigned by signed bytes, images channels
 * last from the first byte to the pooled features.
 *
 * <p>Start with {@link engine.backend.cpu.int8.CpuInt8Program}, a network for one shape of input;
 * docs/quantisation.md has the arithmetic.
 */
package engine.backend.cpu.int8;
