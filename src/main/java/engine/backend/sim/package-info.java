/**
 * The software GPU: the CUDA backend, unchanged, on a device made of Java. It runs the very PTX
 * that a GPU's driver would get, behind the very calls of {@code libcuda}, and watches what a GPU
 * cannot show: accesses out of bounds, memory read before it was written, races, lanes that part.
 *
 * <p>{@code sim.ptx} reads PTX, {@code sim.exec} runs it, {@code sim.memory} is the memory that it
 * runs on, {@code sim.driver} the calls around it. Nothing above knows this package: {@code
 * --device sim} finds it as a device provider. To follow one warp, start with {@link
 * engine.backend.sim.exec.Warp}.
 */
package engine.backend.sim;
