package engine.cli.shell;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command and of those below it, in the macros of man(7): {@code man -l},
 * groff and mandoc show it.
 */
public final class ManPage {
  private final StringBuilder out = new StringBuilder();

  private ManPage() {}

  /**
   * The page as text.
   *
   * @param version stands at its foot
   */
  public static String of(CommandLine command, String version) {
    ManPage page = new ManPage();
    CommandSpec spec = command.getCommandSpec();
    String name = spec.qualifiedName("-");
    page.out.append(
        ".TH \"%s\" 1 \"%s\" \"%s\"\n.ad l\n"
            .formatted(escape(name.toUpperCase(Locale.ROOT)), LocalDate.now(), escape(version)));
    page.heading("NAME");
    page.text(name + " - " + summary(spec));
    page.describe(command, 0);
    page.exit();
    return page.out.toString();
  }

  /** What a command does, in one line. */
  static String summary(CommandSpec command) {
    return line(command.usageMessage().description());
  }

  /** What an option does, in one line. */
  static String summary(ArgSpec option) {
    String[] text =
        option instanceof OptionSpec o
            ? o.description()
            : ((PositionalParamSpec) option).description();
    String candidates =
        option.completionCandidates() == null
            ? ""
            : String.join(", ", option.completionCandidates());
    return line(text).replace("${COMPLETION-CANDIDATES}", candidates);
  }

  private static String line(String[] text) {
    return String.join(" ", text).replace("%n", " ").replace("%%", "%").strip();
  }

  private void describe(CommandLine command, int depth) {
    CommandSpec spec = command.getCommandSpec();
    String synopsis = synopsis(command);
    if (depth == 0) {
      heading("SYNOPSIS");
      text(synopsis);
      heading("DESCRIPTION");
      text(summary(spec));
      arguments(spec, "OPTIONS");
    } else {
      out.append(".SS \"%s\"\n".formatted(escape(spec.qualifiedName())));
      text(summary(spec));
      out.append(".PP\n");
      text(synopsis);
      arguments(spec, null);
    }
    List<CommandLine> below =
        command.getSubcommands().values().stream()
            .filter(c -> !c.getCommandSpec().usageMessage().hidden())
            .toList();
    if (depth == 0 && !below.isEmpty()) {
      heading("COMMANDS");
    }
    below.forEach(c -> describe(c, depth + 1));
    if (depth == 0) {
      examples(spec);
    }
  }

  /** As usual on manual pages: the options stand below. */
  private static String synopsis(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    StringBuilder line = new StringBuilder(spec.qualifiedName());
    if (!command.getSubcommands().isEmpty()) {
      line.append(" COMMAND");
    }
    line.append(" [OPTION]...");
    for (PositionalParamSpec p : spec.positionalParameters()) {
      String label = p.paramLabel() + (p.arity().max() > 1 ? "..." : "");
      line.append(p.arity().min() > 0 ? " " + label : " [" + label + "]");
    }
    return line.toString();
  }

  private void arguments(CommandSpec spec, String heading) {
    List<OptionSpec> options =
        spec.options().stream()
            .filter(o -> !o.hidden())
            .sorted(Comparator.comparingInt(OptionSpec::order))
            .toList();
    if (heading != null) {
      heading(heading);
    }
    for (PositionalParamSpec p : spec.positionalParameters()) {
      item(p.paramLabel(), summary(p));
    }
    for (OptionSpec o : options) {
      String value = o.arity().max() > 0 ? " " + o.paramLabel() : "";
      item(String.join(", ", o.names()) + value, summary(o));
    }
  }

  private void item(String what, String text) {
    out.append(".TP\n\\fB").append(escape(what)).append("\\fR\n");
    text(text);
  }

  private void examples(CommandSpec spec) {
    List<String> footer = List.of(spec.usageMessage().footer());
    int at = footer.indexOf("Examples:");
    List<String> lines =
        footer.subList(at + 1, footer.size()).stream().filter(l -> l.startsWith("  ")).toList();
    if (at >= 0 && !lines.isEmpty()) {
      heading("EXAMPLES");
      out.append(".nf\n");
      lines.forEach(l -> text(l.strip().replace("%%", "%")));
      out.append(".fi\n");
    }
  }

  private void exit() {
    heading("EXIT STATUS");
    item("0", "The work is done.");
    item("1", "The work failed.");
    item("2", "Wrong usage.");
    item("141", "Nobody reads what it prints.");
  }

  private void heading(String text) {
    out.append(".SH ").append(text).append('\n');
  }

  private void text(String text) {
    out.append(escape(text)).append('\n');
  }

  /** Text that is text: a backslash begins a request, and so does a dot that begins a line. */
  private static String escape(String text) {
    StringBuilder plain = new StringBuilder();
    if (text.startsWith(".") || text.startsWith("'")) {
      plain.append("\\&");
    }
    for (int cp : text.codePoints().toArray()) {
      switch (cp) {
        case '\\' -> plain.append("\\e");
        case '-' -> plain.append("\\-");
        case '"' -> plain.append("\\(dq");
        default -> plain.append(cp < 128 ? Character.toString(cp) : "\\[u%04X]".formatted(cp));
      }
    }
    return plain.toString();
  }
}
