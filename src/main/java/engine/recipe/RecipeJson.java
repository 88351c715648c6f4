package engine.recipe;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializationContext;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import engine.base.SnakeCase;
import engine.base.UserError;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A recipe as JSON: the components of its records side by side in one object, by the names that
 * {@code config.json} has for them, which are the options' with {@code _} for {@code -}. A file has
 * just these keys, and all of them: Gson passes over a name that it does not know, and gives 0 to
 * one that is missing, so that a run would go on without its dropout.
 */
final class RecipeJson implements JsonSerializer<Recipe>, JsonDeserializer<Recipe> {
  /** Its own, whoever asks: the names in a file are not those of the records. */
  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  /** What the limits of the sides are called among the data's settings, and not in the file. */
  private static final String LIMITS = "limits";

  /** In the order of the file. */
  private static final List<String> KEYS =
      List.of(
          "data",
          "model",
          "width",
          "stem",
          "attention",
          "dropout",
          "zero_init_residual",
          "image_size",
          "eval_size",
          "epochs",
          "extended",
          "budget",
          "batch",
          "accumulate",
          "optimizer",
          "lr",
          "momentum",
          "weight_decay",
          "no_decay_norm_bias",
          "weight_decay_at",
          "scheduler",
          "label_smoothing",
          "smoothing_mode",
          "clip_norm",
          "patience",
          "augment",
          "jitter",
          "preprocessing",
          "precision",
          "val_fraction",
          "split_seed",
          "fold",
          "exclude",
          "limit_train",
          "limit_val",
          "cache_images",
          "seed",
          "device",
          "threads",
          "weights",
          "fine_tuning",
          "regularization",
          "balance",
          "loss_scale");

  /**
   * Parts that a run of an earlier version lacks, or that are null. Whoever adds a key adds it here
   * too, and a default to its record that is what runs without it did.
   */
  private static final Set<String> OPTIONAL =
      Set.of(
          "attention",
          "eval_size",
          "preprocessing",
          "extended",
          "budget",
          "split_seed",
          "fold",
          "exclude",
          "cache_images",
          "weights",
          "fine_tuning",
          "regularization",
          "balance",
          "loss_scale");

  /** The same within the groups. */
  private static final Set<String> OPTIONAL_WITHIN = Set.of("fine_tuning.head_epochs");

  /** The part of a schedule whose components stand among the others. */
  private static final String LENGTH = "length";

  /** Objects within the object. */
  private static final Map<String, Set<String>> GROUPS =
      Map.of(
          "budget", keys(Budget.NONE),
          "fine_tuning", keys(FineTuning.NONE),
          "regularization", keys(Regularization.NONE),
          "balance", keys(Balance.NONE),
          "loss_scale", keys(LossScale.AUTO));

  private static Set<String> keys(Object group) {
    return GSON.toJsonTree(group).getAsJsonObject().keySet();
  }

  @Override
  public JsonObject serialize(Recipe r, Type type, JsonSerializationContext context) {
    JsonObject all = new JsonObject();
    Stream.of(r.data(), r.model(), r.optim(), r.schedule(), r.augment(), r.loss(), r.compute())
        .forEach(part -> all.asMap().putAll(GSON.toJsonTree(part).getAsJsonObject().asMap()));
    all.asMap().putAll(all.remove(LENGTH).getAsJsonObject().asMap());
    all.asMap().putAll(all.remove(LIMITS).getAsJsonObject().asMap());
    JsonObject out = new JsonObject();
    // Of most runs there is nothing to say.
    if (r.schedule().budget().equals(Budget.NONE)) {
      all.remove("budget");
    }
    if (r.schedule().extended().isEmpty()) {
      all.remove("extended");
    }
    if (r.schedule().fineTuning().headEpochs() == 0) {
      all.getAsJsonObject("fine_tuning").remove("head_epochs");
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
    JsonObject json = snakeCase(element.getAsJsonObject());
    requireKeys(json);
    Recipe r =
        new Recipe(
            GSON.fromJson(within(LIMITS, json), DataSettings.class),
            GSON.fromJson(json, ModelSettings.class),
            GSON.fromJson(json, OptimSettings.class),
            GSON.fromJson(within(LENGTH, json), ScheduleSettings.class),
            GSON.fromJson(json, AugmentSettings.class),
            GSON.fromJson(json, LossSettings.class),
            GSON.fromJson(json, ComputeSettings.class));
    requireSame(json, GSON.toJsonTree(r).getAsJsonObject());
    return r;
  }

  /** With the keys of one record within another, too, which stand in the file beside the rest. */
  private static JsonObject within(String part, JsonObject json) {
    JsonObject out = json.deepCopy();
    out.add(part, json);
    return out;
  }

  /**
   * @throws UserError that names a key which no recipe has, or one that is missing
   */
  static void requireKeys(JsonObject json) {
    requireKeys(snakeCase(json), KEYS, "");
  }

  /** The keys of today for those of a run from before. */
  private static JsonObject snakeCase(JsonObject json) {
    try {
      JsonObject out = SnakeCase.keys(json);
      for (String group : GROUPS.keySet()) {
        if (out.get(group) instanceof JsonObject o) {
          out.add(group, SnakeCase.keys(o));
        }
      }
      return out;
    } catch (JsonParseException e) {
      throw new UserError(e.getMessage(), e);
    }
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
      if (missing && !(within.isEmpty() ? OPTIONAL : OPTIONAL_WITHIN).contains(path(within, key))) {
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
