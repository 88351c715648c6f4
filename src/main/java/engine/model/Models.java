package engine.model;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.JsonFields;
import engine.base.JsonText;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.weights.LayerNames;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table of models. A model is added by its config, its network, and a line here; see {@code
 * docs/adding/model.md}.
 */
public final class Models {
  private static final List<ModelFamily<?>> FAMILIES =
      List.of(
          ResNetConfig.FAMILY,
          EfficientNetConfig.FAMILY,
          MobileNetConfig.FAMILY,
          ConvNextConfig.FAMILY);

  private Models() {}

  /** The names that {@code --model} takes. */
  public static List<String> names() {
    return FAMILIES.stream().flatMap(f -> f.names().stream()).toList();
  }

  /** The same in short, for people. */
  public static List<String> titles() {
    return FAMILIES.stream().map(ModelFamily::title).toList();
  }

  /** Other libraries' names of layers, of whichever model. */
  public static List<LayerNames> otherNames() {
    // A MobileNet's names, which ask for more, are asked before an EfficientNet's.
    return FAMILIES.reversed().stream().flatMap(f -> f.weights().otherNames().stream()).toList();
  }

  /** The lines of the table. */
  static List<ModelFamily<?>> families() {
    return FAMILIES;
  }

  /** As {@link NetworkConfig#of}. */
  static NetworkConfig of(String name, NetworkOptions options) {
    for (ModelFamily<?> f : FAMILIES) {
      if (name != null && f.names().contains(name)) {
        return f.maker().make(name, options);
      }
    }
    throw new UserError(
        "there is no model '%s': use one of %s%s"
            .formatted(
                name, String.join(", ", names()), Suggestion.hint(String.valueOf(name), names())));
  }

  /** As {@link NetworkConfig#fromJson}. */
  static NetworkConfig fromJson(String json) {
    JsonObject object = JsonText.object(json);
    for (ModelFamily<?> f : FAMILIES) {
      if (object.has(f.mark())) {
        return JsonFields.read(object, f.config(), f.optional());
      }
    }
    throw new JsonParseException(
        "it has none of "
            + FAMILIES.stream().map(ModelFamily::mark).collect(Collectors.joining(", "))
            + ", which tell what network it is");
  }
}
