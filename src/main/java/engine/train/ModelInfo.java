package engine.train;

import com.google.gson.Gson;
import engine.base.JsonText;
import engine.base.UserError;
import engine.data.transform.TransformSpec;
import engine.model.NetworkConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What travels inside {@code model.safetensors} as metadata, so that a checkpoint needs nothing
 * else.
 *
 * @param classes names in the order of the logits
 * @param preprocessing of an evaluation
 */
public record ModelInfo(NetworkConfig model, List<String> classes, TransformSpec preprocessing) {
  private static final Gson GSON = new Gson();

  /** As the string-to-string metadata of a safetensors file. */
  Map<String, String> toMetadata() {
    Map<String, String> m = new LinkedHashMap<>();
    m.put("format", "pt");
    m.put("producer", "engine");
    m.put("model", model.toJson());
    m.put("classes", GSON.toJson(classes));
    m.put("preprocessing", preprocessing.toJson());
    return m;
  }

  static ModelInfo fromMetadata(Map<String, String> m, String where) {
    if (!m.containsKey("model") || !m.containsKey("classes") || !m.containsKey("preprocessing")) {
      throw new UserError(
          where
              + " holds weights but not which model they are of: use a checkpoint that engine train wrote");
    }
    try {
      NetworkConfig model = NetworkConfig.fromJson(m.get("model"));
      List<String> classes =
          List.of(GSON.fromJson(JsonText.parse(m.get("classes")), String[].class));
      if (model.classes() != classes.size()) {
        throw new UserError(
            where + " names " + classes.size() + " classes for " + model.classes() + " outputs");
      }
      return new ModelInfo(model, classes, TransformSpec.fromJson(m.get("preprocessing")));
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException e) { // also what Gson wraps of a constructor's
      throw new UserError(where + " is damaged: its description of the model cannot be read", e);
    }
  }
}
