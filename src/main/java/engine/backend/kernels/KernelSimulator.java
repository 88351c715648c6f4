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
}
