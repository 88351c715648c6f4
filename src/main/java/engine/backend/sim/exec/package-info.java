/**
 * Runs PTX. A kernel is compiled once into {@link engine.backend.sim.exec.Step}s; a {@link
 * engine.backend.sim.exec.Warp} walks over them, 32 lanes in lockstep, as the hardware's would.
 *
 * <p>Where to start: {@link engine.backend.sim.exec.Warp#run} is the whole machine in one loop.
 * Then {@link engine.backend.sim.exec.KernelCompiler}, which makes the steps; {@link
 * engine.backend.sim.exec.LoadStep}, a warp's access to memory with its checks; {@link
 * engine.backend.sim.exec.Block} and its barriers; {@link engine.backend.sim.exec.RaceDetector}.
 * What an arithmetic instruction computes stands in the classes whose names end in {@code Ops}.
 *
 * <p>Depends on {@code sim.ptx} and {@code sim.memory}. {@code sim.driver} depends on it.
 */
package engine.backend.sim.exec;
