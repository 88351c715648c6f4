/**
 * The CPU device, and the oracle for every other: oneDNN for what is heavy, Java kernels on the
 * same OpenMP threads for the rest.
 *
 * <p>Start with {@link engine.backend.cpu.CpuBackend}, which hands every call to a family of ops
 * here. Under them: {@code dnnl} is all of oneDNN that they see, {@code runtime} the threads, the
 * queue of work and huge pages. {@code int8} runs quantised networks.
 */
package engine.backend.cpu;
