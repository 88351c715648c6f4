package engine.backend.kernels;

/** Runs PTX on a GPU made of software; found through {@link java.util.ServiceLoader}. */
public interface KernelSimulator {
  /** No warp is traced. */
  int NO_TRACE = -1;

  /**
   * Runs one launch with every check and every counter on.
   *
   * @param ptx the text that holds the kernel
   * @param tracedWarp the warp whose steps are kept, counted through all blocks, or {@link
   *     #NO_TRACE}
   */
  KernelRun run(String ptx, KernelLaunch launch, int tracedWarp);

  /**
   * Repeats a launch, compiled as {@code --device sim} compiles it, until the time is spent: one
   * half to warm up, the other to measure.
   *
   * @param races in what the detector looks for races: {@code off}, {@code shared} or {@code all}
   * @param threads of this machine that it may use
   * @return of the second half
   */
  Speed speed(String ptx, KernelLaunch launch, String races, int threads, double seconds);

  /**
   * Instructions times the threads that executed them, in a second.
   *
   * @param aSecond by the clock: other programs on this machine make it less
   * @param aCpuSecond of all threads together
   */
  record Speed(double aSecond, double aCpuSecond) {}

  /** Nanoseconds of the shortest driver call, from Java through C and back into Java. */
  double callNanos();
}
