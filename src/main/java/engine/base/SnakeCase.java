package engine.base;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Keys of JSON: {@code image_size}, as Python's tools have them. Files of runs from before were
 * written with the names of Java, {@code imageSize}, and are read all the same.
 */
public final class SnakeCase {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern SCORE = Pattern.compile("_([a-z0-9])");

  private SnakeCase() {}

  /** {@code image_size} of {@code imageSize}; a name that is one already stays. */
  public static String of(String name) {
    return HUMP.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  /** {@code imageSize} of {@code image_size}. */
  public static String component(String key) {
    return SCORE.matcher(key).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }

  /**
   * A copy of an object whose own keys are in snake case, those of objects in it as they are.
   *
   * @throws JsonParseException if two keys become one
   */
  public static JsonObject keys(JsonObject json) {
    JsonObject out = new JsonObject();
    for (Map.Entry<String, JsonElement> e : json.entrySet()) {
      String key = of(e.getKey());
      if (out.has(key)) {
        throw new JsonParseException("it has '" + key + "' in two spellings");
      }
      out.add(key, e.getValue());
    }
    return out;
  }
}
