package engine.run;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import engine.base.JsonText;
import engine.base.UserError;
import engine.console.Units;
import engine.data.transform.TransformSpec;
import engine.model.NetworkConfig;
import engine.model.NetworkOptions;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What travels inside {@code model.safetensors} as metadata, so that a checkpoint needs nothing
 * else.
 *
 * @param classes names in the order of the logits
 * @param preprocessing of an evaluation
 */
public record ModelInfo(NetworkConfig model, List<String> classes, TransformSpec preprocessing) {
  private static final Gson GSON = new Gson();
  private static final String ADVICE = "use another copy of it, or train again";

  /** As the string-to-string metadata of a safetensors file. */
  public Map<String, String> toMetadata() {
    Map<String, String> m = new LinkedHashMap<>();
    m.put("format", "pt");
    m.put("producer", "engine");
    m.put("model", model.toJson());
    m.put("classes", GSON.toJson(classes));
    m.put("preprocessing", preprocessing.toJson());
    return m;
  }

  /** The same with other names of the classes, as many. */
  public ModelInfo withClasses(List<String> names) {
    return new ModelInfo(model, List.copyOf(names), preprocessing);
  }

  /** Of the network with some of its outputs alone. */
  ModelInfo among(List<Integer> outputs) {
    NetworkOptions o = model.options();
    NetworkOptions fewer =
        new NetworkOptions(
            o.width(),
            o.stem(),
            o.attention(),
            o.zeroInitResidual(),
            o.dropout(),
            o.inChannels(),
            outputs.size());
    return new ModelInfo(
        NetworkConfig.of(model.name(), fewer),
        outputs.stream().map(classes::get).toList(),
        preprocessing);
  }

  public static ModelInfo fromMetadata(Map<String, String> m, String where) {
    if (!m.containsKey("model") || !m.containsKey("classes") || !m.containsKey("preprocessing")) {
      throw new UserError(
          where
              + " holds weights but not which model they are of: use a checkpoint that engine train wrote");
    }
    List<String> classes = classes(m.get("classes"), where);
    NetworkConfig model;
    try {
      model = NetworkConfig.fromJson(m.get("model"));
    } catch (JsonParseException e) {
      throw new UserError(
          "%s: its description of the model cannot be used, %s: %s"
              .formatted(where, e.getMessage(), ADVICE),
          e);
    }
    if (model.classes() != classes.size()) {
      throw new UserError(
          "%s names %s for %s: %s"
              .formatted(
                  where,
                  Units.count(classes.size(), "class"),
                  Units.count(model.classes(), "output"),
                  ADVICE));
    }
    TransformSpec preprocessing;
    try {
      preprocessing = TransformSpec.fromJson(m.get("preprocessing"));
    } catch (UserError e) {
      throw new UserError(where + ": " + e.getMessage(), e);
    }
    if (preprocessing.channels() != model.inChannels()) {
      throw new UserError(
          "%s makes pictures of %d channels for a network of %d: %s"
              .formatted(where, preprocessing.channels(), model.inChannels(), ADVICE));
    }
    return new ModelInfo(model, classes, preprocessing);
  }

  private static List<String> classes(String json, String where) {
    Set<String> seen = new LinkedHashSet<>();
    String wrong = null;
    try {
      for (JsonElement e : JsonText.parse(json).getAsJsonArray()) {
        String name = e instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
        if (name.isBlank()) {
          wrong = "one of its classes has no name";
        } else if (!seen.add(name)) {
          wrong = "it names the class '" + name + "' twice";
        }
      }
    } catch (JsonParseException | IllegalStateException e) {
      throw new UserError(where + ": its list of classes cannot be read: " + ADVICE, e);
    }
    if (wrong != null) {
      throw new UserError("%s: %s: %s".formatted(where, wrong, ADVICE));
    }
    return List.copyOf(seen);
  }

  /**
   * Says where weights are of another network than the description, before memory is taken for it.
   *
   * @param shapes of the file's tensors, by name
   */
  public void requireEnds(Map<String, Shape> shapes, String where) {
    model
        .ends()
        .forEach(
            (name, wanted) -> {
              Shape found = shapes.get(name);
              if (found != null && !found.equals(wanted)) {
                throw new UserError(
                    "%s: its %s is %s, and %s for the model that it describes (%s, %d classes): %s"
                        .formatted(
                            where, name, found, wanted, model.name(), model.classes(), ADVICE));
              }
            });
  }
}
