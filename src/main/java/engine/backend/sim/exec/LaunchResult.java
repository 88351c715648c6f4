package engine.backend.sim.exec;

/** A launch that went well, and what was counted. */
public record LaunchResult(
    CompiledKernel kernel, Dim grid, Dim block, int sharedBytes, Counters counters) {

  /** Instructions times the threads that were active in them. */
  public long threadInstructions() {
    return counters.threadInstructions();
  }

  public long warpInstructions() {
    return counters.warpInstructions();
  }
}
