package engine.cli;

import engine.base.FileNames;
import engine.base.UserError;
import engine.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/**
 * The recipe that options make which were not typed on one command line: those of a run's {@code
 * config.json} with some changed, or those of a trial.
 */
@Command(name = "train")
final class RecipeLine {
  @Mixin private RecipeOptions recipe;
  @Mixin private CommonOptions common;

  private RecipeLine() {}

  /**
   * @param values from an option's name, without its dashes, to its value; null for its default
   * @throws UserError if one has a value that it cannot have
   */
  static Recipe of(Map<String, String> values) {
    RecipeLine line = new RecipeLine();
    CommandLine command = command(line);
    command.setDefaultValueProvider(new ConfiguredOptions(values));
    try {
      command.parseArgs();
      return line.recipe.toRecipe(line.common);
    } catch (ParameterException e) {
      throw new UserError(Errors.sentence(e), e);
    }
  }

  /** The names, without dashes, that {@link #of} knows. */
  static List<String> names() {
    return command(new RecipeLine()).getCommandSpec().options().stream()
        .map(o -> o.longestName().substring(2))
        .toList();
  }

  private static CommandLine command(RecipeLine line) {
    CommandLine command = new CommandLine(line);
    command.registerConverter(Path.class, FileNames::path);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    return command;
  }
}
