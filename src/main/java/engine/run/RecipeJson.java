package engine.run;

import com.google.gson.Gson;
import com.google.gson.JsonDeserializationContext;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import engine.base.UserError;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A recipe as JSON: the components of its records side by side in one object, by the names that
 * {@code config.json} has for them. A file has just these keys, and all of them: Gson passes over a
 * name that it does not know, and gives 0 to one that is missing, so that a run would go on without
 * its dropout.
 */
final class RecipeJson implements JsonSerializer<Recipe>, JsonDeserializer<Recipe> {
  /** In the order of the file. */
  private static final List<String> KEYS =
      List.of(
          "data",
          "model",
          "width",
          "stem",
          "attention",
          "dropout",
          "zeroInitResidual",
          "imageSize",
          "evalSize",
          "epochs",
          "extended",
          "batch",
          "accumulate",
          "optimizer",
          "lr",
          "momentum",
          "weightDecay",
          "noDecayNormBias",
          "weightDecayAt",
          "scheduler",
          "labelSmoothing",
          "smoothingMode",
          "clipNorm",
          "patience",
          "augment",
          "jitter",
          "precision",
          "valFraction",
          "limitTrain",
          "limitVal",
          "cacheImages",
          "seed",
          "device",
          "threads",
          "weights",
          "fineTuning",
          "regularization",
          "balance",
          "lossScale");

  /**
   * Parts that a run of an earlier version lacks, or that are null. Whoever adds a key adds it here
   * too, and a default to its record that is what runs without it did.
   */
  private static final Set<String> OPTIONAL =
      Set.of(
          "attention",
          "evalSize",
          "extended",
          "cacheImages",
          "weights",
          "fineTuning",
          "regularization",
          "balance",
          "lossScale");

  /** Objects within the object. */
  private static final Map<String, Set<String>> GROUPS =
      Map.of(
          "fineTuning", keys(FineTuning.NONE),
          "regularization", keys(Regularization.NONE),
          "balance", keys(Balance.NONE),
          "lossScale", keys(LossScale.AUTO));

  private static Set<String> keys(Object group) {
    return new Gson().toJsonTree(group).getAsJsonObject().keySet();
  }

  @Override
  public JsonObject serialize(Recipe r, Type type, JsonSerializationContext context) {
    JsonObject all = new JsonObject();
    Stream.of(r.data(), r.model(), r.optim(), r.schedule(), r.augment(), r.loss(), r.compute())
        .forEach(part -> all.asMap().putAll(context.serialize(part).getAsJsonObject().asMap()));
    JsonObject out = new JsonObject();
    if (r.schedule().extended().isEmpty()) {
      all.remove("extended"); // of most runs there is nothing to say
    }
    KEYS.stream().filter(all::has).forEach(key -> out.add(key, all.remove(key)));
    if (!all.isEmpty()) {
      throw new IllegalStateException("config.json has no place for " + all.keySet());
    }
    return out;
  }

  /**
   * @throws UserError if a key is missing or too many, or a value is not what it should be; Gson
   *     may wrap it
   */
  @Override
  public Recipe deserialize(JsonElement element, Type type, JsonDeserializationContext context) {
    JsonObject json = element.getAsJsonObject();
    requireKeys(json);
    Recipe r =
        new Recipe(
            context.deserialize(json, DataSettings.class),
            context.deserialize(json, ModelSettings.class),
            context.deserialize(json, OptimSettings.class),
            context.deserialize(json, ScheduleSettings.class),
            context.deserialize(json, AugmentSettings.class),
            context.deserialize(json, LossSettings.class),
            context.deserialize(json, ComputeSettings.class));
    requireSame(json, new Gson().toJsonTree(r).getAsJsonObject());
    return r;
  }

  /**
   * @throws UserError that names a key which no recipe has, or one that is missing
   */
  static void requireKeys(JsonObject json) {
    requireKeys(json, KEYS, "");
  }

  private static void requireKeys(JsonObject json, Iterable<String> wanted, String within) {
    for (String key : json.keySet()) {
      if (!(within.isEmpty() ? Set.copyOf(KEYS) : GROUPS.get(within)).contains(key)) {
        throw new UserError(
            "it has the key '%s', which no recipe has".formatted(path(within, key)));
      }
    }
    for (String key : wanted) {
      JsonElement value = json.get(key);
      boolean missing = value == null || value.isJsonNull();
      if (missing && !(within.isEmpty() && OPTIONAL.contains(key))) {
        throw new UserError("the key '%s' is missing".formatted(path(within, key)));
      }
      Set<String> group = within.isEmpty() ? GROUPS.get(key) : null;
      if (!missing && group != null) {
        if (!value.isJsonObject()) {
          throw new UserError("its '%s' is no object".formatted(key));
        }
        requireKeys(value.getAsJsonObject(), group, key);
      }
    }
  }

  private static String path(String within, String key) {
    return within.isEmpty() ? key : within + "." + key;
  }

  /**
   * Gson makes 3 of 3.7 where a whole number is wanted, and false of "yes".
   *
   * @param json as it was read
   * @param understood the recipe that came of it, as JSON
   * @throws UserError that names the value which was not understood
   */
  private static void requireSame(JsonObject json, JsonObject understood) {
    json.entrySet()
        .forEach(
            e -> {
              JsonElement value = e.getValue();
              JsonElement other = understood.get(e.getKey());
              if (value.isJsonObject() && other != null && other.isJsonObject()) {
                requireSame(value.getAsJsonObject(), other.getAsJsonObject());
              } else if (other instanceof JsonPrimitive p && !same(value, p)) {
                throw new UserError("its '%s' cannot be %s".formatted(e.getKey(), value));
              }
            });
  }

  private static boolean same(JsonElement value, JsonPrimitive understood) {
    if (value.isJsonNull()) {
      return true; // an optional part
    }
    return value instanceof JsonPrimitive p
        && p.isNumber() == understood.isNumber()
        && p.isBoolean() == understood.isBoolean()
        && (p.isNumber()
            ? p.getAsDouble() == understood.getAsDouble()
            : p.getAsString().equals(understood.getAsString()));
  }
}
