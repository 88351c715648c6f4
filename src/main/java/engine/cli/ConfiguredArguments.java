package engine.cli;

import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A command line with the options of {@code --recipe} and {@code --config} written out: what was
 * typed wins over the file, the file over the recipe, and the recipe over the defaults.
 */
final class ConfiguredArguments {
  private static final Set<String> WRITTEN_OUT = Set.of("--recipe", "--config");

  /**
   * Names that a file may not hold: files that name files need an order of precedence and an end,
   * and a run that goes on has its options already.
   */
  private static final Set<String> TYPED_ONLY =
      Set.of("config", "recipe", "resume", "help", "version");

  private ConfiguredArguments() {}

  /**
   * The arguments to run in place of those that were parsed, the command's name first.
   *
   * @param recipe a recipe that comes with the program, or null
   * @param config a file of options, or null
   */
  static String[] of(CommandLine line, String recipe, Path config) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    try {
      if (recipe != null) {
        add(line, ConfigFile.preset(recipe), options);
      }
      if (config != null) {
        add(line, ConfigFile.read(config), options);
      }
    } catch (UserError e) {
      throw new ParameterException(line, e.getMessage());
    }
    ParseResult typed = line.getParseResult();
    List<String> out = new ArrayList<>();
    out.add(line.getCommandName());
    options.forEach(
        (name, value) -> {
          OptionSpec option = line.getCommandSpec().findOption("--" + name);
          if (value != null && !typed.hasMatchedOption(option)) {
            out.add("--" + name + "=" + value);
          }
        });
    addTyped(typed.originalArgs(), line.getCommandName(), out);
    return out.toArray(String[]::new);
  }

  /** What was typed after the command's name, less the two options that are written out. */
  private static void addTyped(List<String> typed, String command, List<String> to) {
    for (int i = typed.indexOf(command) + 1; i < typed.size(); i++) {
      String argument = typed.get(i);
      if (WRITTEN_OUT.contains(argument)) {
        i++;
      } else if (WRITTEN_OUT.stream().noneMatch(o -> argument.startsWith(o + "="))) {
        to.add(argument);
      }
    }
  }

  private static void add(CommandLine line, ConfigFile file, Map<String, String> to) {
    List<String> known =
        line.getCommandSpec().options().stream().map(o -> o.longestName().substring(2)).toList();
    for (String name : file.options().keySet()) {
      if (TYPED_ONLY.contains(name)) {
        throw new UserError(
            "%s names '%s', which cannot stand in a file: type --%s"
                .formatted(file.where(), name, name));
      }
      if (!known.contains(name)) {
        String near = Suggestion.to(name, known).map(n -> ", did you mean '" + n + "'").orElse("");
        throw new UserError(
            "%s names '%s', which is no option of this command%s"
                .formatted(file.where(), YamlText.shown(name), near));
      }
    }
    to.putAll(file.options());
  }
}
