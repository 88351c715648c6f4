/**
 * What the simulated vendor libraries compute with: element types, strided tensors in the software
 * GPU's memory with every access checked, and the arithmetic, which the CPU backend does where it
 * is heavy.
 *
 * <p>Knows neither cuDNN nor cuBLASLt: {@code sim.dnn} and {@code sim.blas} depend on it. Start
 * with {@link engine.backend.sim.math.StridedTensor}.
 */
package engine.backend.sim.math;
