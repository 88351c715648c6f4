package engine.cli;

import engine.train.Execution;
import picocli.CommandLine.Option;

/** How training steps are run; no result depends on it. */
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

  Execution execution() {
    return new Execution(eager, memory == Memory.small);
  }
}
