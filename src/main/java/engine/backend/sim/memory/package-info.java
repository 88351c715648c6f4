/**
 * The software GPU's memory: allocations with guard gaps, and a shadow that knows of every byte
 * whether it may be touched and whether it was ever written.
 *
 * <p>Global memory, shared memory of the blocks in flight and local memory of their threads are
 * ranges of one mapping, so that there is one way to check an access. Knows nothing of PTX. {@code
 * sim.exec} and {@code sim.driver} depend on it. Start with {@link
 * engine.backend.sim.memory.DeviceMemory}.
 */
package engine.backend.sim.memory;
