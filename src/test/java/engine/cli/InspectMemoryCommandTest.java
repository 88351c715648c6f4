package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InspectMemoryCommandTest {
  private static JsonObject inspect(String... more) {
    List<String> args = new ArrayList<>(List.of("inspect", "memory", "--json", "--device", "cpu"));
    args.addAll(List.of("--width", "0.125", "--image-size", "64", "--batch", "8"));
    args.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    assertEquals(0, code, err.toString());
    return JsonParser.parseString(out.toString()).getAsJsonObject();
  }

  private static long bytes(JsonObject o, String name) {
    return o.get(name).getAsLong();
  }

  @Test
  void thePartsAddUpToThePeak() {
    JsonObject o = inspect();
    long sum = bytes(o, "before_bytes");
    for (JsonElement kind : o.getAsJsonArray("at_peak")) {
      long part = kind.getAsJsonObject().get("bytes").getAsLong();
      assertTrue(part >= 0, o.toString());
      sum += part;
    }
    assertEquals(bytes(o, "peak_bytes"), sum);
    assertTrue(bytes(o, "committed_bytes") >= sum, o.toString());
    long most = 0;
    for (JsonElement e : o.getAsJsonArray("live_bytes")) {
      most = Math.max(most, e.getAsLong());
    }
    assertEquals(bytes(o, "peak_bytes"), most);
  }

  @Test
  void recomputingTakesLess() {
    JsonObject normal = inspect();
    JsonObject small = inspect("--memory", "small");
    long activations = bytes(normal, "peak_bytes") - bytes(normal, "before_bytes");
    long fewer = bytes(small, "peak_bytes") - bytes(small, "before_bytes");
    assertTrue(fewer < 0.75 * activations, fewer + " of " + activations);
  }
}
