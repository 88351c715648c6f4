/**
 * The engine's own GPU kernels as things to look at, without a device: {@link
 * engine.backend.kernels.KernelSources} has their CUDA C++ and PTX, {@link
 * engine.backend.kernels.CompiledFigures} what the compiler said of them, {@link
 * engine.backend.kernels.KernelSimulator} is what runs one and counts.
 *
 * <p>Knows no device. The CUDA backend and the software GPU depend on it, and so does {@code
 * engine.inspect.kernel}, which shows all of it.
 */
package engine.backend.kernels;
