package engine.recipe;

import engine.base.Setting;
import engine.base.Suggestion;
import engine.base.UserError;
import java.util.List;

/** What every part of a recipe checks, in the words of its options. */
public final class RecipeChecks {
  private RecipeChecks() {}

  public static void that(boolean holds, String message) {
    if (!holds) {
      throw new UserError(message);
    }
  }

  static void oneOf(Setting option, String value, String... allowed) {
    that(
        List.of(allowed).contains(value),
        "%s must be one of %s, not '%s'%s"
            .formatted(
                option,
                String.join(", ", allowed),
                value,
                Suggestion.hint(String.valueOf(value), List.of(allowed))));
  }

  /** Within 0..1. */
  static void share(Setting option, double value) {
    that(value >= 0 && value <= 1, option + " must be between 0 and 1, not " + value);
  }
}
