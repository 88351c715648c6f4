package engine.base;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.annotations.SerializedName;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A record as a JSON object of just its fields, and back. Gson alone makes 0, false or null of what
 * is missing, misspelt or no word of an enum, and a network of another kind is built in silence.
 */
public final class JsonFields {
  private static final Gson GSON = new Gson();
  private static final int LONGEST_SHOWN = 40;

  private JsonFields() {}

  /** On a record inside another: its fields stand among the other's, not in an object of theirs. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.RECORD_COMPONENT)
  public @interface Embedded {}

  /** The names of a record's fields, in their order. */
  public static List<String> names(Class<? extends Record> type) {
    List<String> names = new ArrayList<>();
    for (RecordComponent c : type.getRecordComponents()) {
      if (isEmbedded(c)) {
        names.addAll(names(c.getType().asSubclass(Record.class)));
      } else {
        names.add(c.getName());
      }
    }
    return names;
  }

  /** A record's fields. */
  public static JsonObject write(Record record) {
    return flat(GSON.toJsonTree(record).getAsJsonObject(), record.getClass());
  }

  private static JsonObject flat(JsonObject nested, Class<? extends Record> type) {
    JsonObject out = new JsonObject();
    for (RecordComponent c : type.getRecordComponents()) {
      JsonElement value = nested.get(c.getName());
      if (value == null) {
        continue;
      }
      if (isEmbedded(c)) {
        flat(value.getAsJsonObject(), c.getType().asSubclass(Record.class))
            .asMap()
            .forEach(out::add);
      } else {
        out.add(c.getName(), value);
      }
    }
    return out;
  }

  /**
   * The record that {@code json} describes.
   *
   * @param optional fields that may be missing
   * @throws JsonParseException in half a sentence that names the field, and the values allowed
   */
  public static <R extends Record> R read(JsonObject json, Class<R> type, Set<String> optional) {
    JsonObject nested = nested(json, type, optional);
    List<String> names = names(type);
    for (String name : json.keySet()) {
      if (!names.contains(name)) {
        throw new JsonParseException(
            "there is no '%s', only %s".formatted(shown(name), String.join(", ", names)));
      }
    }
    try {
      return GSON.fromJson(nested, type);
    } catch (RuntimeException e) {
      throw new JsonParseException(reason(e), e);
    }
  }

  private static JsonObject nested(
      JsonObject json, Class<? extends Record> type, Set<String> optional) {
    JsonObject out = new JsonObject();
    for (RecordComponent c : type.getRecordComponents()) {
      String name = c.getName();
      if (isEmbedded(c)) {
        out.add(name, nested(json, c.getType().asSubclass(Record.class), optional));
      } else if (json.has(name)) {
        require(c, json.get(name));
        out.add(name, json.get(name));
      } else if (!optional.contains(name)) {
        throw new JsonParseException("'" + name + "' is missing");
      }
    }
    return out;
  }

  private static boolean isEmbedded(RecordComponent c) {
    return c.isAnnotationPresent(Embedded.class);
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
