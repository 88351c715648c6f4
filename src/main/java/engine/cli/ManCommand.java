package engine.cli;

import engine.cli.shell.ManPage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine man}: the manual page. */
@Command(
    name = "man",
    description = "Prints the manual page of the engine or of one command, for man and groff.",
    footer = {
      "",
      "Examples:",
      "  engine man | man -l -",
      "  engine man inspect kernel > engine-inspect-kernel.1"
    })
final class ManCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The command (default: all of them on one page).")
  private List<String> names = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine about = HelpCommand.named(spec, names);
    spec.commandLine().getOut().print(ManPage.of(about, "engine " + Version.number()));
    return 0;
  }
}
