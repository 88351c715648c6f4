package engine.backend.sim.exec;

import engine.backend.kernels.Multiprocessor;
import engine.base.UserError;
import java.util.List;

/**
 * How the software GPU runs kernels.
 *
 * @param threads CPU threads that blocks are shared out to
 * @param races how far races are looked for
 * @param coalescing whether sectors and bank conflicts are counted
 * @param stepsPerBlock how many jumps back a block may make before it counts as hung
 * @param architecture what the device stands for: 75 for Turing, 90 for Hopper, and so on
 */
public record SimOptions(
    int threads, Races races, boolean coalescing, long stepsPerBlock, int architecture) {
  private static final int ARCHITECTURE = 86;

  /**
   * @throws UserError where no such architecture is known
   */
  public SimOptions {
    List<Integer> known = Multiprocessor.ALL.stream().map(Multiprocessor::architecture).toList();
    if (!known.contains(architecture)) {
      throw new UserError(
          "-Dengine.sim.architecture must be one of %s, not %d".formatted(known, architecture));
    }
  }

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
    return new SimOptions(cores, Races.ALL, false, 1L << 28, ARCHITECTURE);
  }

  /**
   * The standard ones, changed by {@code engine.sim.races}: off, shared or all, and by {@code
   * engine.sim.architecture}: 75, 80, 86 (the standard), 90 and so on.
   */
  public static SimOptions fromProperties() {
    return standard()
        .withRaces(Races.of(System.getProperty("engine.sim.races", "all")))
        .withArchitecture(Integer.getInteger("engine.sim.architecture", ARCHITECTURE));
  }

  public SimOptions withThreads(int n) {
    return new SimOptions(n, races, coalescing, stepsPerBlock, architecture);
  }

  public SimOptions withRaces(Races r) {
    return new SimOptions(threads, r, coalescing, stepsPerBlock, architecture);
  }

  public SimOptions withCoalescing(boolean on) {
    return new SimOptions(threads, races, on, stepsPerBlock, architecture);
  }

  public SimOptions withStepsPerBlock(long n) {
    return new SimOptions(threads, races, coalescing, n, architecture);
  }

  /** The device's limits, and what its cuDNN has engines for, follow the architecture. */
  public SimOptions withArchitecture(int n) {
    return new SimOptions(threads, races, coalescing, stepsPerBlock, n);
  }
}
