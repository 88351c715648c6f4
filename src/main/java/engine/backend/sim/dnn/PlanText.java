package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan as text, of which it can be made again: the version, the engine and the graph, whose
 * descriptors are objects of their attributes.
 */
final class PlanText {
  private static final String VERSION = "cudnnVersion";
  private static final String ENGINE = "engine";
  private static final String GRAPH = "operationGraph";
  private static final String KIND = "kind";

  private PlanText() {}

  static String of(Engine engine) {
    JsonObject o = new JsonObject();
    o.addProperty(VERSION, DnnCalls.VERSION);
    o.addProperty(ENGINE, engine.index());
    o.add(GRAPH, write(engine.graph().source()));
    return o.toString();
  }

  /**
   * @param device that it is for
   * @throws DnnError if the text is of another version, or not what {@link #of} gave
   */
  static Engine read(String text, DeviceProperties device) {
    try {
      JsonObject o = JsonParser.parseString(text).getAsJsonObject();
      long version = o.get(VERSION).getAsLong();
      if (version != DnnCalls.VERSION) {
        throw new DnnError(
            Status.SUBLIBRARY_VERSION_MISMATCH, "the plan is of version %d".formatted(version));
      }
      OperationGraph graph = read(o.getAsJsonObject(GRAPH), device).as(OperationGraph.class);
      Engine engine = Engine.of(graph, o.get(ENGINE).getAsLong());
      engine.checkSupport(device);
      return engine;
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | NullPointerException
        | ClassCastException e) {
      throw bad("the text is no plan: %s", e.getMessage());
    }
  }

  private static JsonObject write(Descriptor d) {
    JsonObject o = new JsonObject();
    o.addProperty(KIND, d.kind.name());
    for (Attribute a : d.attributes()) {
      JsonArray elements = new JsonArray();
      if (a.type == ValueType.BACKEND_DESCRIPTOR) {
        d.parts(a).forEach(part -> elements.add(write(part)));
      } else if (a.type != ValueType.HANDLE) { // means something in one process only
        for (long v : d.elements(a)) {
          elements.add(v);
        }
      }
      o.add(a.name(), elements);
    }
    return o;
  }

  private static Descriptor read(JsonObject o, DeviceProperties device) {
    Descriptor d = new Descriptor(Kind.valueOf(o.get(KIND).getAsString()));
    for (var e : o.entrySet()) {
      if (!e.getKey().equals(KIND)) {
        set(d, Attribute.valueOf(e.getKey()), e.getValue().getAsJsonArray(), device);
      }
    }
    d.finish(Finalizing.meaning(d, device));
    return d;
  }

  private static void set(Descriptor d, Attribute a, JsonArray elements, DeviceProperties device) {
    if (elements.isEmpty()) {
      return;
    }
    long[] values = new long[elements.size()];
    List<Descriptor> parts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      JsonElement e = elements.get(i);
      if (a.type == ValueType.BACKEND_DESCRIPTOR) {
        parts.add(read(e.getAsJsonObject(), device));
      } else {
        values[i] = e.getAsLong();
      }
    }
    d.set(a, values, parts);
  }
}
