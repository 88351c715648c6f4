package engine.backend.sim.exec;

/**
 * What {@link SegmentCompiler} makes of a kernel: runs of instructions that need registers alone,
 * each compiled into one method that computes all of them for one lane before it goes to the next.
 */
abstract class Segments {
  /**
   * @param r narrow registers: 32 lanes of register 0, then of register 1, …
   * @param d wide registers, likewise
   * @param p predicates: a bit a lane
   * @param parameters the launch's parameter block
   * @param mask the lanes that take part
   */
  abstract void run(int segment, int[] r, long[] d, int[] p, byte[] parameters, int mask);
}
