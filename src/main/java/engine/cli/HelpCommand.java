package engine.cli;

import engine.base.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine help COMMAND}: what {@code engine COMMAND --help} prints. */
@Command(
    name = "help",
    description = "Prints the help of the engine or of a command.",
    footer = {"", "Examples:", "  engine help train", "  engine help inspect kernel"})
final class HelpCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The command (default: a list of them).")
  private List<String> names = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine about = named(spec, names);
    about.usage(spec.commandLine().getOut());
    return 0;
  }

  /**
   * The command that a command is asked about.
   *
   * @param names from the outermost; none for the engine itself
   */
  static CommandLine named(CommandSpec asked, List<String> names) {
    CommandLine about = asked.root().commandLine();
    List<String> so = new ArrayList<>();
    for (String name : names) {
      CommandLine next = about.getSubcommands().get(name);
      so.add(name);
      if (next == null) {
        throw new ParameterException(
            asked.commandLine(),
            "there is no command "
                + String.join(" ", so)
                + Suggestion.hint(name, about.getSubcommands().keySet()));
      }
      about = next;
    }
    return about;
  }
}
