package engine.base;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.annotations.SerializedName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A record from a JSON object of just its fields. Gson alone makes 0, false or null of what is
 * missing, misspelt or no word of an enum, and a network of another kind is built in silence.
 */
public final class JsonFields {
  private static final Gson GSON = new Gson();
  private static final int LONGEST_SHOWN = 40;

  private JsonFields() {}

  /**
   * The record that {@code json} describes.
   *
   * @param optional fields that may be missing
   * @throws JsonParseException in half a sentence that names the field, and the values allowed
   */
  public static <R extends Record> R read(JsonObject json, Class<R> type, Set<String> optional) {
    List<String> names = new ArrayList<>();
    for (RecordComponent c : type.getRecordComponents()) {
      names.add(c.getName());
      JsonElement value = json.get(c.getName());
      if (value != null) {
        require(c, value);
      } else if (!optional.contains(c.getName())) {
        throw new JsonParseException("'" + c.getName() + "' is missing");
      }
    }
    for (String name : json.keySet()) {
      if (!names.contains(name)) {
        throw new JsonParseException(
            "there is no '%s', only %s".formatted(shown(name), String.join(", ", names)));
      }
    }
    try {
      return GSON.fromJson(json, type);
    } catch (RuntimeException e) {
      throw new JsonParseException(reason(e), e);
    }
  }

  /** What the record's constructor finds wrong is below what Gson wraps it in. */
  private static String reason(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UserError || t instanceof IllegalArgumentException) {
        return t.getMessage();
      }
    }
    return "it cannot be read";
  }

  private static void require(RecordComponent c, JsonElement value) {
    Class<?> type = c.getType();
    String wanted = null;
    if (type == int.class && !isInt(value)) {
      wanted = "a whole number";
    } else if ((type == double.class || type == float.class) && !isNumber(value)) {
      wanted = "a number";
    } else if (type == boolean.class && !(value instanceof JsonPrimitive p && p.isBoolean())) {
      wanted = "true or false";
    } else if (type == String.class && !isString(value)) {
      wanted = "text";
    } else if (type == float[].class && !isNumbers(value)) {
      wanted = "a list of numbers";
    } else if (type.isEnum() && !(isString(value) && words(type).contains(value.getAsString()))) {
      wanted = String.join(" or ", words(type));
    }
    if (wanted != null) {
      throw new JsonParseException(
          "'%s' must be %s, not %s".formatted(c.getName(), wanted, shown(value.toString())));
    }
  }

  private static boolean isString(JsonElement e) {
    return e instanceof JsonPrimitive p && p.isString();
  }

  private static boolean isNumber(JsonElement e) {
    return e instanceof JsonPrimitive p && p.isNumber() && Double.isFinite(p.getAsDouble());
  }

  private static boolean isInt(JsonElement e) {
    return isNumber(e) && e.getAsDouble() == (int) e.getAsDouble();
  }

  private static boolean isNumbers(JsonElement e) {
    return e instanceof JsonArray a && a.asList().stream().allMatch(JsonFields::isNumber);
  }

  private static List<String> words(Class<?> type) {
    List<String> out = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      try {
        SerializedName other = type.getField(name).getAnnotation(SerializedName.class);
        out.add(other == null ? name : other.value());
      } catch (NoSuchFieldException e) {
        throw new IllegalStateException(e);
      }
    }
    return out;
  }

  private static String shown(String text) {
    String clean = text.replaceAll("\\p{C}", "?");
    return clean.length() > LONGEST_SHOWN ? clean.substring(0, LONGEST_SHOWN) + "..." : clean;
  }
}
