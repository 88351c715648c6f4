/**
 * The CPU device, and the oracle for every other: oneDNN for what is heavy, Java kernels on the
 * same OpenMP threads for the rest. Start with {@link engine.backend.cpu.CpuBackend}; {@link
 * engine.backend.cpu.DnnlContext} is all of oneDNN that the op families see.
 */
package engine.backend.cpu;
