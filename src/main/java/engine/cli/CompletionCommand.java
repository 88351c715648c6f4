package engine.cli;

import engine.base.Suggestion;
import engine.cli.shell.Completion;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine completion}: the script with which a shell completes what is typed. */
@Command(
    name = "completion",
    description = "Prints the script with which bash, zsh or fish completes commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(engine completion bash)",
      "  engine completion fish > ~/.config/fish/completions/engine.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** For its own completion. */
  static final class Shells implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Completion.SHELLS.iterator();
    }
  }

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      description = "${COMPLETION-CANDIDATES}.")
  private String shell;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<String> shells = Completion.SHELLS;
    if (!shells.contains(shell)) {
      throw new ParameterException(
          spec.commandLine(),
          "the shell must be one of %s, not '%s'%s"
              .formatted(String.join(", ", shells), shell, Suggestion.hint(shell, shells)));
    }
    spec.commandLine().getOut().print(Completion.script(spec.root().commandLine(), shell));
    return 0;
  }
}
