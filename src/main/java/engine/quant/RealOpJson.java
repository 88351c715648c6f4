package engine.quant;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import engine.backend.RealOp;
import java.util.Map;

/** An op in real numbers in the JSON of an int8 checkpoint: its kind, and its settings. */
final class RealOpJson {
  private static final String KIND = "kind";

  private static final Map<String, Class<? extends RealOp>> KINDS =
      Map.of(
          "convolution", RealOp.Convolution.class,
          "linear", RealOp.Linear.class,
          "activate", RealOp.Activate.class,
          "combine", RealOp.Combine.class,
          "globalPool", RealOp.GlobalPool.class,
          "overChannels", RealOp.OverChannels.class,
          "concat", RealOp.Concat.class,
          "asPixel", RealOp.AsPixel.class,
          "layerNorm", RealOp.LayerNorm.class);

  private RealOpJson() {}

  static JsonObject write(Gson gson, RealOp op) {
    JsonObject out = new JsonObject();
    for (Map.Entry<String, Class<? extends RealOp>> e : KINDS.entrySet()) {
      if (e.getValue() == op.getClass()) {
        out.addProperty(KIND, e.getKey());
      }
    }
    gson.toJsonTree(op).getAsJsonObject().asMap().forEach(out::add);
    return out;
  }

  /**
   * @throws IllegalArgumentException if there is no such op
   */
  static RealOp read(Gson gson, JsonObject json) {
    String kind = json.get(KIND).getAsString();
    Class<? extends RealOp> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("there is no op " + kind);
    }
    return gson.fromJson(json, type);
  }
}
