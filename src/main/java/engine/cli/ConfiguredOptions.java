package engine.cli;

import engine.base.Suggestion;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What {@code --recipe} and {@code --config} say, as defaults of a command's other options: what is
 * typed wins over the file, the file over the recipe, and the recipe over the usual defaults.
 *
 * @param values from an option's name, without its dashes, to its value
 */
record ConfiguredOptions(Map<String, String> values) implements CommandLine.IDefaultValueProvider {
  /**
   * Names that a file may not hold: files that name files need an order of precedence and an end,
   * and a run that goes on has its options already.
   */
  private static final Set<String> TYPED_ONLY =
      Set.of("config", "recipe", "resume", "help", "version");

  /**
   * Fills the defaults of the command that {@code args} name, before they are parsed.
   *
   * @throws ParameterException if a file cannot be read, or names what is no option
   */
  static void fill(CommandLine main, String... args) {
    ParseResult typed;
    try {
      typed = main.parseArgs(args);
    } catch (ParameterException e) {
      return; // said when they are parsed to be run
    }
    while (typed.hasSubcommand()) {
      typed = typed.subcommand();
    }
    CommandLine command = typed.commandSpec().commandLine();
    Map<String, String> values = new LinkedHashMap<>();
    try {
      if (typed.hasMatchedOption("--recipe")) {
        add(command, ConfigFile.preset(typed.matchedOptionValue("--recipe", "")), values);
      }
      if (FineTunePreset.suits(command, typed)) {
        add(command, ConfigFile.preset(FineTunePreset.NAME), values);
        values.put("recipe", FineTunePreset.NAME);
      }
      if (typed.hasMatchedOption("--config")) {
        add(command, ConfigFile.read(typed.matchedOptionValue("--config", Path.of(""))), values);
      }
    } catch (UserError e) {
      throw new ParameterException(command, e.getMessage());
    } catch (IOException e) {
      throw new ParameterException(command, "--config cannot be read: " + Errors.sentence(e), e);
    }
    for (OptionSpec option : typed.matchedOptions()) {
      values.remove(name(option));
    }
    if (!values.isEmpty()) {
      command.setDefaultValueProvider(new ConfiguredOptions(values));
    }
  }

  @Override
  public String defaultValue(ArgSpec arg) {
    return arg instanceof OptionSpec option ? values.get(name(option)) : null;
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  private static void add(CommandLine command, ConfigFile file, Map<String, String> to) {
    List<String> known =
        command.getCommandSpec().options().stream().map(ConfiguredOptions::name).toList();
    for (String name : file.options().keySet()) {
      if (TYPED_ONLY.contains(name)) {
        throw new UserError(
            "%s names '%s', which cannot stand in a file: type --%s"
                .formatted(file.where(), name, name));
      }
      if (!known.contains(name)) {
        throw new UserError(
            "%s names '%s', which is no option of this command%s"
                .formatted(file.where(), YamlText.shown(name), Suggestion.hint(name, known)));
      }
    }
    to.putAll(file.options());
  }
}
