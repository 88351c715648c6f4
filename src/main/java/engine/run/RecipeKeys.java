package engine.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import engine.base.UserError;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which names a {@code config.json} has: those of {@link Recipe} and its parts, no others and all
 * of them. Gson passes over a name that it does not know, and gives 0 to one that is missing: a run
 * would go on without its dropout.
 */
final class RecipeKeys {
  /**
   * Parts that a run of an earlier version lacks, or that are null. Whoever adds a field to the
   * recipe adds it here, with a default that is what runs without it did.
   */
  private static final Set<String> OPTIONAL =
      Set.of(
          "attention",
          "evalSize",
          "cacheImages",
          "weights",
          "fineTuning",
          "regularization",
          "balance",
          "lossScale");

  private RecipeKeys() {}

  /**
   * @throws UserError that names a key which no recipe has, or one that is missing
   */
  static void require(JsonObject json) {
    require(json, Recipe.class, "");
  }

  private static void require(JsonObject json, Class<?> type, String within) {
    Map<String, Class<?>> known = names(type);
    for (String key : json.keySet()) {
      if (!known.containsKey(key)) {
        throw new UserError("it has the key '%s', which no recipe has".formatted(within + key));
      }
    }
    known.forEach(
        (key, valueType) -> {
          JsonElement value = json.get(key);
          boolean missing = value == null || value.isJsonNull();
          if (missing && !(within.isEmpty() && OPTIONAL.contains(key))) {
            throw new UserError("the key '%s' is missing".formatted(within + key));
          }
          if (!missing && valueType.isRecord()) {
            if (!value.isJsonObject()) {
              throw new UserError("its '%s' is no object".formatted(within + key));
            }
            require(value.getAsJsonObject(), valueType, within + key + ".");
          }
        });
  }

  /**
   * Gson makes 3 of 3.7 where a whole number is wanted.
   *
   * @param json as it was read
   * @param understood the recipe that came of it, as JSON
   * @throws UserError that names the value which was not understood
   */
  static void requireSame(JsonObject json, JsonObject understood) {
    for (Map.Entry<String, JsonElement> e : json.entrySet()) {
      JsonElement value = e.getValue();
      JsonElement other = understood.get(e.getKey());
      if (value.isJsonObject() && other != null && other.isJsonObject()) {
        requireSame(value.getAsJsonObject(), other.getAsJsonObject());
      } else if (isNumber(other)
          && !(isNumber(value) && value.getAsDouble() == other.getAsDouble())) {
        throw new UserError("its '%s' cannot be %s".formatted(e.getKey(), value));
      }
    }
  }

  private static boolean isNumber(JsonElement e) {
    return e != null && e.isJsonPrimitive() && e.getAsJsonPrimitive().isNumber();
  }

  /** Whether a recipe has a field of that name. */
  static boolean has(String name) {
    return names(Recipe.class).containsKey(name);
  }

  private static Map<String, Class<?>> names(Class<?> type) {
    Map<String, Class<?>> out = new LinkedHashMap<>();
    Arrays.stream(type.getRecordComponents())
        .forEach(c -> out.put(nameOf(type, c.getName()), c.getType()));
    return out;
  }

  private static String nameOf(Class<?> type, String component) {
    try {
      Field field = type.getDeclaredField(component);
      SerializedName other = field.getAnnotation(SerializedName.class);
      return other == null ? component : other.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a record has a field a component", e);
    }
  }
}
