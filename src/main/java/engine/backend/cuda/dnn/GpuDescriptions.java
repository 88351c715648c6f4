package engine.backend.cuda.dnn;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** GPUs in cuDNN's own words, so that it can plan for one that is not here. */
public final class GpuDescriptions {
  private static final JsonObject ALL = read();

  private GpuDescriptions() {}

  /** Such as {@code h100}. */
  public static List<String> names() {
    return ALL.keySet().stream().filter(n -> !n.equals("common")).toList();
  }

  /** The description that {@link Planner#forDescribedDevice} takes. */
  public static String json(String name) {
    JsonObject o = new JsonObject();
    for (String part : List.of("common", name)) {
      for (Map.Entry<String, com.google.gson.JsonElement> e :
          ALL.getAsJsonObject(part).entrySet()) {
        o.add(e.getKey(), e.getValue());
      }
    }
    return o.toString();
  }

  private static JsonObject read() {
    try (InputStream in = GpuDescriptions.class.getResourceAsStream("gpus.json")) {
      return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
