package engine.run;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.JsonText;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The {@code config.json} that a model hub keeps beside weights; a run's own is none. */
public final class HubConfig {
  private HubConfig() {}

  /** Whether a {@code config.json} is one of a hub. */
  public static boolean is(Path config) {
    return !beside(config).isEmpty();
  }

  /** What it holds; empty where there is none, or something else of that name. */
  static JsonObject beside(Path weights) {
    Path config = weights.toAbsolutePath().resolveSibling("config.json");
    try {
      if (Files.isRegularFile(config)) {
        JsonObject json = JsonText.object(JsonText.read(config));
        return json.has("architecture") || json.has("architectures") ? json : new JsonObject();
      }
    } catch (IOException | JsonParseException | UserError e) {
      // no description, then
    }
    return new JsonObject();
  }
}
