package engine.backend.sim.exec;

import engine.base.UserError;

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
    ALL;

    /** By its name in small letters. */
    public static Races of(String name) {
      return switch (name) {
        case "all" -> ALL;
        case "shared" -> SHARED;
        case "off" -> OFF;
        default ->
            throw new UserError("-Dengine.sim.races must be off, shared or all, not " + name);
      };
    }
  }

  public static SimOptions standard() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new SimOptions(cores, Races.ALL, false, 1L << 28);
  }

  /** The standard ones, changed by {@code engine.sim.races}: off, shared or all. */
  public static SimOptions fromProperties() {
    return standard().withRaces(Races.of(System.getProperty("engine.sim.races", "all")));
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
