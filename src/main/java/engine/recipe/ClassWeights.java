package engine.recipe;

import engine.base.Setting;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.console.Units;
import engine.data.ClassBalance;
import engine.data.Dataset;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of the classes in the loss, as they are written: {@code none}; {@code balanced}; a number
 * a class in their order, {@code 1,2.5,1}; or by name, {@code cat=2,dog=0.5}, where a class that is
 * not named weighs 1. In a name, a comma or a backslash has a backslash in front.
 *
 * @param text as written
 * @param numbers one a class, or null
 * @param named by class, or null
 */
record ClassWeights(String text, float[] numbers, Map<String, Float> named) {
  private static final int LISTED = 8;

  /**
   * @throws UserError if the text is nothing of the kind
   */
  static ClassWeights parse(String text) {
    if (text.equals("none") || text.equals("balanced")) {
      return new ClassWeights(text, null, null);
    }
    List<String> parts = parts(text);
    boolean byName = parts.stream().anyMatch(p -> p.indexOf('=') >= 0);
    float[] values = new float[parts.size()];
    Map<String, Float> named = new LinkedHashMap<>();
    boolean positive = false;
    for (int i = 0; i < values.length; i++) {
      String part = parts.get(i);
      int equals = part.lastIndexOf('=');
      RecipeChecks.that(
          !byName || equals > 0,
          (Setting.CLASS_WEIGHTS + " has weights by name, and '%s' names no class: write cat=2")
              .formatted(part.strip()));
      values[i] = number(part.substring(equals + 1).strip(), text);
      positive |= values[i] > 0;
      if (byName) {
        String name = unescaped(part.substring(0, equals)).strip();
        RecipeChecks.that(
            named.put(name, values[i]) == null,
            (Setting.CLASS_WEIGHTS + " names '%s' twice: leave one of them out").formatted(name));
      }
    }
    // A class that is not named weighs 1.
    RecipeChecks.that(
        positive || byName,
        Setting.CLASS_WEIGHTS + " are all 0, so nothing could be learned: give one above 0");
    return new ClassWeights(text, byName ? null : values, byName ? named : null);
  }

  private static List<String> parts(String text) {
    List<String> out = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ',') {
        out.add(text.substring(from, i));
        from = i + 1;
      }
    }
    out.add(text.substring(from));
    return out;
  }

  private static String unescaped(String name) {
    return name.replaceAll("\\\\(.)", "$1");
  }

  private static float number(String text, String all) {
    float value;
    try {
      value = Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new UserError(
          Setting.CLASS_WEIGHTS
              + " must be none, balanced, a number a class such as 1,2.5,1, or by name such as cat=2,dog=0.5, not '"
              + all
              + "'",
          e);
    }
    RecipeChecks.that(
        value >= 0 && Float.isFinite(value),
        Setting.CLASS_WEIGHTS + " must be 0 or more each, not " + text);
    return value;
  }

  /**
   * A weight for each class of the training pictures, or null for none.
   *
   * @throws UserError if there are more or fewer numbers than classes, or a name is of none
   */
  float[] of(Dataset train) {
    List<String> classes = train.classNames();
    if (text.equals("none")) {
      return null;
    }
    if (text.equals("balanced")) {
      return ClassBalance.of(train).weights();
    }
    if (named != null) {
      return byName(classes);
    }
    RecipeChecks.that(
        numbers.length == classes.size(),
        (Setting.CLASS_WEIGHTS
                + " has %s for %s: give one for each, in this order: %s; or by name: %s=2")
            .formatted(
                Units.count(numbers.length, "number"),
                Units.count(classes.size(), "class"),
                few(classes),
                classes.getFirst()));
    return numbers.clone();
  }

  private float[] byName(List<String> classes) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int c = 0; c < classes.size(); c++) {
      places.put(form(classes.get(c)), c);
    }
    float[] out = new float[classes.size()];
    Arrays.fill(out, 1);
    named.forEach(
        (name, weight) -> {
          Integer place = places.get(form(name));
          RecipeChecks.that(
              place != null,
              (Setting.CLASS_WEIGHTS + " names '%s', which is no class of this data: it has %s%s")
                  .formatted(name, few(classes), Suggestion.hint(name, classes)));
          out[place] = weight;
        });
    boolean positive = false;
    for (float w : out) {
      positive |= w > 0;
    }
    RecipeChecks.that(positive, Setting.CLASS_WEIGHTS + " are 0 for every class: give one above 0");
    return out;
  }

  /** Names that differ only in their Unicode form are of the same class. */
  private static String form(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  private static String few(List<String> classes) {
    return String.join(", ", classes.subList(0, Math.min(LISTED, classes.size())))
        + (classes.size() > LISTED ? " and " + (classes.size() - LISTED) + " more" : "");
  }
}
