package engine.console;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Locale;

/**
 * All JSON that is written for others to read: by {@code --json}, in files of answers and in
 * reports. RFC 8259 to the letter: a number that is NaN or infinite is null, since JSON has no such
 * numbers and {@code jq} and browsers refuse the text that has. Keys are in snake case; {@code
 * docs/json.md} lists each.
 *
 * <p>Characters that a terminal would obey, and halves of surrogate pairs, which UTF-8 cannot have,
 * are written as backslash, u and four digits: the text means the same, and can be shown as it is.
 */
public final class Json {
  /** Which keys there are and what they mean: raised where one goes or means something else. */
  public static final int FORMAT = 1;

  private static final Gson TREE =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .serializeSpecialFloatingPointValues()
          .disableHtmlEscaping()
          .create();
  private static final Gson LINE =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
  private static final Gson PAGE =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().setPrettyPrinting().create();

  private Json() {}

  /** On one line, without its end. */
  public static String line(Object value) {
    return escaped(LINE.toJson(tree(value)));
  }

  /** Indented, for a file that people look at, too. */
  public static String page(Object value) {
    return escaped(PAGE.toJson(tree(value))) + "\n";
  }

  /** A record, map, list, array or element, with null for what is no number. */
  public static JsonElement tree(Object value) {
    return finite(value instanceof JsonElement e ? e : TREE.toJsonTree(value));
  }

  private static JsonElement finite(JsonElement e) {
    if (e.isJsonObject()) {
      JsonObject out = new JsonObject();
      e.getAsJsonObject().entrySet().forEach(f -> out.add(f.getKey(), finite(f.getValue())));
      return out;
    }
    if (e.isJsonArray()) {
      JsonArray out = new JsonArray();
      e.getAsJsonArray().forEach(f -> out.add(finite(f)));
      return out;
    }
    return isNoNumber(e) ? JsonNull.INSTANCE : e;
  }

  private static boolean isNoNumber(JsonElement e) {
    String text = e.isJsonPrimitive() && e.getAsJsonPrimitive().isNumber() ? e.getAsString() : "";
    return text.endsWith("NaN") || text.endsWith("Infinity");
  }

  /** Outside strings JSON has nothing of what is escaped here, but for the line ends of a page. */
  private static String escaped(String json) {
    StringBuilder out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            cp -> {
              if (cp == '\n' || TextWidth.isPrintable(cp)) {
                out.appendCodePoint(cp);
              } else {
                // None of them is outside the first plane.
                out.append(String.format(Locale.ROOT, "\\u%04x", cp));
              }
            });
    return out.toString();
  }
}
