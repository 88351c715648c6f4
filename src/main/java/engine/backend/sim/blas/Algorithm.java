package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;
import static engine.backend.sim.blas.BlasError.unsupported;

import engine.backend.sim.driver.HostMemory;
import engine.backend.sim.memory.DeviceMemory;

/**
 * A {@code cublasLtMatmulAlgo_t}, 64 bytes that the caller keeps. There are two, so that whoever
 * chooses has a choice: the first wants a workspace, the second none.
 */
final class Algorithm {
  private static final long MARK = 0x51_B1A5_A160L;
  private static final long WORKSPACE = 32 << 10;

  /** Of its own bytes, the place of the state that it was listed with. */
  private static final int STATE = 16;

  private static final int RESULT_BYTES = 96;
  private static final int RESULT_WORKSPACE = 64;
  private static final int RESULT_STATE = 72;
  private static final int RESULT_WAVES = 76;

  private Algorithm() {}

  /**
   * Fills an array of {@code cublasLtMatmulHeuristicResult_t}.
   *
   * @param refused how many of the first are listed as not supported, and are not
   * @return how many elements were written
   */
  static int offer(long maxWorkspace, int most, int refused, long results) {
    int n = 0;
    for (long bytes : new long[] {WORKSPACE, 0}) {
      if (bytes <= maxWorkspace && n < most) {
        long at = results + (long) RESULT_BYTES * n;
        int state = n++ < refused ? BlasError.Status.NOT_SUPPORTED.code : 0;
        HostMemory.slice(at, RESULT_BYTES).fill((byte) 0);
        HostMemory.putLong(at, "algo", MARK);
        HostMemory.putLong(at + 8, "algo", bytes);
        HostMemory.putInt(at + STATE, "algo", state);
        HostMemory.putLong(at + RESULT_WORKSPACE, "workspaceSize", bytes);
        HostMemory.putInt(at + RESULT_STATE, "state", state);
        HostMemory.putFloat(at + RESULT_WAVES, "wavesCount", 1);
      }
    }
    return n;
  }

  /** Checks an algorithm and the workspace that it gets; with a null one the library chooses. */
  static void check(DeviceMemory memory, long algo, long workspace, long bytes) {
    if (bytes < 0 || (bytes > 0 && workspace == 0)) {
      throw invalid("a workspace of %d bytes at 0x%x", bytes, workspace);
    }
    if (algo != 0 && HostMemory.getLong(algo) != MARK) {
      throw invalid("algo is not from cublasLtMatmulAlgoGetHeuristic");
    }
    if (algo != 0 && HostMemory.getInt(algo + STATE) != 0) {
      throw unsupported(
          "the heuristics had listed this algorithm with a state that is not success");
    }
    long needed = algo == 0 ? 0 : HostMemory.getLong(algo + 8);
    if (bytes < needed) {
      throw invalid("the algorithm needs a workspace of %,d bytes, not %,d", needed, bytes);
    }
    long bad = bytes == 0 ? -1 : memory.firstBad(workspace - DeviceMemory.BASE, bytes, false);
    if (bad >= 0) {
      throw invalid(
          "the workspace at 0x%x has not %,d bytes: %s", workspace, bytes, memory.explain(bad, 1));
    }
  }
}
