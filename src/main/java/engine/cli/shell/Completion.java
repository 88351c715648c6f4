package engine.cli.shell;

import engine.model.Models;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Scripts with which a shell completes commands, options and the words that options take. */
public final class Completion {
  /** Begins the script: how to have it in every new shell. */
  private static final String HINT =
      """
      # Completion of engine, made by picocli. In ~/.bashrc or ~/.zshrc:
      #   source <(engine completion %s)
      """;

  /** The shells that {@link #script} knows. */
  public static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private Completion() {}

  /**
   * The script for a shell.
   *
   * @param root the command line; its options are given the words to complete
   * @param shell one of {@link #SHELLS}
   */
  public static String script(CommandLine root, String shell) {
    prepare(root.getCommandSpec());
    if (shell.equals("fish")) {
      return FishCompletion.script(root);
    }
    String script = AutoComplete.bash(root.getCommandName(), root);
    // Before that stand comments of how other programs install it.
    return HINT.formatted(shell) + script.substring(script.indexOf("if [ -n \"$BASH_VERSION\" ]"));
  }

  /** The words to offer for the value of an option; none where it may be anything. */
  static List<String> words(OptionSpec option) {
    Stream<String> words = Stream.of();
    if (option.names()[0].equals("--model")) {
      words = Models.names().stream();
    } else if (option.completionCandidates() != null) {
      words = StreamSupport.stream(option.completionCandidates().spliterator(), false);
    } else if (option.paramLabel().contains("|")) {
      words = Stream.of(option.paramLabel().split("\\|"));
    } else if (option.names()[0].equals("--device")) {
      words = Stream.of("auto", "cpu", "cuda", "sim");
    }
    // Help shows what may follow a word, as in demo[:N].
    return words
        .map(w -> w.replaceFirst("[\\[: ].*", "").toLowerCase(Locale.ROOT))
        .filter(w -> w.matches("[a-z0-9][a-z0-9._-]*"))
        .distinct()
        .toList();
  }

  private static void prepare(CommandSpec spec) {
    for (OptionSpec option : List.copyOf(spec.options())) {
      List<String> words = words(option);
      if (!words.isEmpty() || option.completionCandidates() != null) {
        spec.remove(option);
        spec.addOption(
            OptionSpec.builder(option)
                .completionCandidates(words)
                // The script keeps the words of all options of one label in one place.
                .paramLabel(option.longestName().replaceAll("[^a-z0-9]+", "_"))
                .build());
      }
    }
    spec.subcommands().values().forEach(c -> prepare(c.getCommandSpec()));
  }
}
