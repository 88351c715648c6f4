/**
 * NVIDIA GPUs, through the driver API and kernels of the engine's own (the folder {@code cuda} of
 * the project). {@link engine.backend.kernels.KernelSources} holds those kernels, {@link
 * engine.backend.cuda.LibraryFinder} knows where the vendor's libraries may lie.
 */
package engine.backend.cuda;
