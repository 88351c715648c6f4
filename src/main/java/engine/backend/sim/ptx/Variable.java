package engine.backend.sim.ptx;

/**
 * A variable in memory, or a parameter of a kernel.
 *
 * @param space {@code global}, {@code const}, {@code shared}, {@code local} or {@code param}
 * @param bytes its size; 0 for the unsized array of dynamic shared memory
 * @param initial its first bytes, the rest is zero; null if it has no initial value
 */
public record Variable(String name, String space, int align, long bytes, byte[] initial) {}
