package engine.backend.kernels;

import java.util.List;

/**
 * One instruction that a traced warp executed.
 *
 * @param instruction its index in {@link KernelRun#instructions}
 * @param active the lanes that were active, a bit a lane
 * @param written registers that it changed
 * @param note what else happened, in words; empty if nothing did
 */
public record TracedStep(int instruction, int active, List<Written> written, String note) {
  /** How a register's bits are to be read. */
  public enum Reading {
    FLOAT,
    DOUBLE,
    HALF,
    INTEGER,
    ADDRESS,
    PREDICATE
  }

  /**
   * A register after the step.
   *
   * @param bits 32 lanes'; those of lanes that were not active mean nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // a trace is read, not compared
  public record Written(String register, Reading reading, long[] bits) {}
}
