package engine.cli;

import engine.base.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What picocli finds wrong with a command line, without the words of Java in it. */
final class UsageSentence {
  /** Said of an empty name of a file: by a converter, which has no more of the sentence. */
  static final String EMPTY = "is empty: name a file or a folder, or . for this folder";

  private static final Pattern VALUE =
      Pattern.compile(
          "Invalid value for (?:option|positional parameter[^']*) '([^']*)'[^:]*: (.*)",
          Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile("'(.*)' is not an? (int|long|double|float|boolean)", Pattern.DOTALL);
  private static final Pattern ENUM =
      Pattern.compile(
          "expected one of \\[(.*)\\] \\(case-insensitive\\) but was '(.*)'", Pattern.DOTALL);
  private static final Pattern OBJECT =
      Pattern.compile("cannot convert '(.*)' to (\\w+) \\(.*\\)", Pattern.DOTALL);
  private static final Pattern MISSING = Pattern.compile("Missing required ([^:]*): '?(.*?)'?");
  private static final Pattern WITHOUT =
      Pattern.compile("Missing required parameter for option '([^']*)'.*");
  private static final Pattern OTHER =
      Pattern.compile("Expected parameter for option '([^']*)' but found '(.*)'", Pattern.DOTALL);

  private UsageSentence() {}

  static String of(String message) {
    Matcher value = VALUE.matcher(message);
    if (value.matches()) {
      return value(value.group(1), value.group(2));
    }
    Matcher without = WITHOUT.matcher(message);
    if (without.matches()) {
      return without.group(1) + " needs a value";
    }
    Matcher other = OTHER.matcher(message);
    if (other.matches()) {
      return "%s needs a value, not %s".formatted(other.group(1), other.group(2));
    }
    Matcher missing = MISSING.matcher(message);
    return missing.matches()
        ? missing.group(2).replace("', '", " and ")
            + (missing.group(2).contains("', '") ? " are" : " is")
            + " missing"
        : message;
  }

  private static String value(String option, String problem) {
    if (problem.equals(EMPTY)) {
      return option + " " + problem;
    }
    Matcher type = TYPE.matcher(problem);
    if (type.matches()) {
      return "%s must be %s, not '%s'"
          .formatted(option, kind(type.group(2), type.group(1)), type.group(1));
    }
    Matcher word = ENUM.matcher(problem);
    if (word.matches()) {
      List<String> words = List.of(word.group(1).toLowerCase(Locale.ROOT).split(", "));
      return "%s must be one of %s, not '%s'%s"
          .formatted(
              option,
              String.join(", ", words),
              word.group(2),
              Suggestion.hint(word.group(2).toLowerCase(Locale.ROOT), words));
    }
    Matcher object = OBJECT.matcher(problem);
    if (object.matches()) {
      return "%s cannot be '%s'%s"
          .formatted(
              option,
              object.group(1),
              object.group(2).equals("URI")
                  ? ", which is no address such as https://host/folder"
                  : "");
    }
    return option + ": " + problem;
  }

  private static String kind(String type, String typed) {
    boolean digits = typed.matches("[-+]?\\d+");
    return switch (type) {
      case "int" -> digits ? "a whole number of at most nine digits" : "a whole number";
      case "long" -> digits ? "a whole number of at most 18 digits" : "a whole number";
      case "boolean" -> "true or false";
      default -> "a number";
    };
  }
}
