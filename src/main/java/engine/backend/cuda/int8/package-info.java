/**
 * Quantised networks on a GPU.
 *
 * <p>Start with {@link engine.backend.cuda.int8.CudaInt8Networks}.
 */
package engine.backend.cuda.int8;
