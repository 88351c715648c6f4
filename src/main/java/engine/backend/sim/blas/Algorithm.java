package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;

import engine.backend.sim.driver.HostMemory;
import engine.backend.sim.memory.DeviceMemory;

/**
 * A {@code cublasLtMatmulAlgo_t}, 64 bytes that the caller keeps. There are two, so that whoever
 * chooses has a choice: the first wants a workspace, the second none.
 */
final class Algorithm {
  private static final long MARK = 0x51_B1A5_A160L;
  private static final long WORKSPACE = 32 << 10;
  private static final int RESULT_BYTES = 96;
  private static final int RESULT_WORKSPACE = 64;
  private static final int RESULT_STATE = 72;
  private static final int RESULT_WAVES = 76;

  private Algorithm() {}

  /**
   * Fills an array of {@code cublasLtMatmulHeuristicResult_t}.
   *
   * @return how many elements were written
   */
  static int offer(long maxWorkspace, int most, long results) {
    int n = 0;
    for (long bytes : new long[] {WORKSPACE, 0}) {
      if (bytes <= maxWorkspace && n < most) {
        long at = results + (long) RESULT_BYTES * n++;
        HostMemory.slice(at, RESULT_BYTES).fill((byte) 0);
        HostMemory.putLong(at, "algo", MARK);
        HostMemory.putLong(at + 8, "algo", bytes);
        HostMemory.putLong(at + RESULT_WORKSPACE, "workspaceSize", bytes);
        HostMemory.putInt(at + RESULT_STATE, "state", 0);
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
