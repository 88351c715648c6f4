package engine.cli.shell;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish, which picocli does not write. */
final class FishCompletion {
  private static final String START =
      """
      # Completion of engine for fish. To have it in every new shell:
      #   engine completion fish > ~/.config/fish/completions/engine.fish
      """;

  private FishCompletion() {}

  static String script(CommandLine root) {
    StringBuilder out = new StringBuilder(START);
    add(root.getCommandSpec(), List.of(), root.getCommandName(), out);
    return out.toString();
  }

  /**
   * @param path the commands that were typed before
   */
  private static void add(CommandSpec spec, List<String> path, String name, StringBuilder out) {
    String seen =
        String.join("; and ", path.stream().map(p -> "__fish_seen_subcommand_from " + p).toList());
    List<String> below =
        spec.subcommands().entrySet().stream()
            .filter(e -> !e.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .toList();
    if (!below.isEmpty()) {
      String notYet = "not __fish_seen_subcommand_from " + String.join(" ", below);
      String here = path.isEmpty() ? notYet : seen + "; and " + notYet;
      for (String sub : below) {
        CommandSpec command = spec.subcommands().get(sub).getCommandSpec();
        line(name, here, "-f -a " + sub, ManPage.summary(command), out);
        add(command, append(path, sub), name, out);
      }
      seen = here;
    }
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        line(name, seen, flags(option), ManPage.summary(option), out);
      }
    }
  }

  private static String flags(OptionSpec option) {
    StringBuilder out = new StringBuilder();
    for (String n : option.names()) {
      out.append(n.startsWith("--") ? "-l " : "-s ").append(n.replaceFirst("^-+", "")).append(' ');
    }
    if (option.arity().max() > 0) {
      List<String> words = Completion.words(option);
      out.append("-r");
      out.append(words.isEmpty() ? "" : " -a '" + String.join(" ", words) + "'");
    }
    return out.toString().strip();
  }

  private static void line(
      String name, String when, String what, String summary, StringBuilder out) {
    out.append("complete -c ").append(name).append(" -n '").append(when).append("' ");
    out.append(what).append(" -d '").append(summary.replace("\\", "\\\\").replace("'", "\\'"));
    out.append("'\n");
  }

  private static List<String> append(List<String> path, String one) {
    return Stream.concat(path.stream(), Stream.of(one)).toList();
  }
}
