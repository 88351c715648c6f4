/**
 * PTX as text turned into PTX as records: modules, kernels, instructions, operands, each with the
 * CUDA source line that it came from ({@code .loc}).
 *
 * <p>Knows the grammar of "PTX ISA" (NVIDIA, chapters 4 to 7) as far as NVRTC and nvcc write it,
 * and nothing about execution. {@code sim.exec} depends on it. Start with {@link
 * engine.backend.sim.ptx.PtxParser}.
 */
package engine.backend.sim.ptx;
