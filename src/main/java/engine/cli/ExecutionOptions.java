package engine.cli;

import engine.backend.Backend;
import engine.recipe.ExecutionMode;
import picocli.CommandLine.Option;

/** How training steps are run; no result depends on it, but for the last bits on --autotune. */
final class ExecutionOptions {
  /** What stays in memory between forward and backward. */
  enum Memory {
    normal,
    small
  }

  @Option(
      names = "--eager",
      description = "Train op by op; else the second step is recorded and replayed. Same results.")
  private boolean eager;

  @Option(
      names = "--memory",
      paramLabel = "normal|small",
      defaultValue = "normal",
      description =
          "small: results of norms are computed again on the way back rather than kept. Same results.")
  private Memory memory;

  @Option(
      names = "--autotune",
      description =
          "Time cuDNN's engines for each convolution and keep the fastest, and a fused convolution only where it is no slower than its parts, for later runs with it too. Last bits may differ from a run without: give it again with --resume.")
  private boolean autotune;

  /** Tells the device what it needs to know before the first step. */
  void prepare(Backend backend) {
    backend.autotune(autotune);
  }

  ExecutionMode execution() {
    return new ExecutionMode(eager, memory == Memory.small);
  }
}
