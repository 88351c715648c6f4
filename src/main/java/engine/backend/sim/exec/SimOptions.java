package engine.backend.sim.exec;

/**
 * How the software GPU runs kernels.
 *
 * @param threads CPU threads that blocks are shared out to
 * @param races how far races are looked for
 * @param coalescing whether sectors and bank conflicts are counted
 * @param stepsPerBlock how many jumps back a block may make before it counts as hung
 */
public record SimOptions(int threads, Races races, boolean coalescing, long stepsPerBlock) {
  /** Where races are looked for. */
  public enum Races {
    OFF,
    /** In shared memory. */
    SHARED,
    /** In shared and global memory, between the threads of a block and between blocks. */
    ALL
  }

  public static SimOptions standard() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new SimOptions(cores, Races.ALL, false, 1L << 28);
  }

  public SimOptions withThreads(int n) {
    return new SimOptions(n, races, coalescing, stepsPerBlock);
  }

  public SimOptions withRaces(Races r) {
    return new SimOptions(threads, r, coalescing, stepsPerBlock);
  }

  public SimOptions withCoalescing(boolean on) {
    return new SimOptions(threads, races, on, stepsPerBlock);
  }

  public SimOptions withStepsPerBlock(long n) {
    return new SimOptions(threads, races, coalescing, n);
  }
}
