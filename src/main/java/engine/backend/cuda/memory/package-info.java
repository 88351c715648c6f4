/**
 * Device memory and who owns it: the pool, pinned host buffers, half copies of weights, batches
 * that are copied ahead.
 *
 * <p>Start with {@link engine.backend.cuda.memory.CudaMemory}.
 */
package engine.backend.cuda.memory;
