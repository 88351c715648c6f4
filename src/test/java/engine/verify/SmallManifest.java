package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a manifest of reference cases and runs them, as plainly as can be. */
final class SmallManifest {
  private SmallManifest() {}

  /** The cases of {@code manifest} whose files lie in {@code folder}. */
  static List<ReferenceCase> read(Path folder, String manifest) throws Exception {
    List<ReferenceCase> out = new ArrayList<>();
    JsonObject json =
        JsonParser.parseString(Files.readString(folder.resolve(manifest))).getAsJsonObject();
    for (JsonElement e : json.getAsJsonArray("cases")) {
      JsonObject c = e.getAsJsonObject();
      if (c.has("file")) {
        Path file = folder.resolve(c.get("file").getAsString());
        out.add(
            new ReferenceCase(
                c.get("group").getAsString(),
                c.get("name").getAsString(),
                c.get("op").getAsString(),
                c.getAsJsonObject("attrs"),
                c,
                folder,
                SafeTensors.read(file).tensors(),
                Map.of()));
      }
    }
    return out;
  }

  /** What went wrong in {@code c}; empty when it passed. */
  static List<String> failures(CaseRunner runner, ReferenceCase c) throws Exception {
    List<String> wrong = new ArrayList<>();
    JsonObject arrays = c.spec().getAsJsonObject("arrays");
    Set<String> open = new HashSet<>(arrays.keySet());
    open.removeIf(k -> !k.startsWith("out.") && !k.startsWith("grad."));
    runner.run(c, new Recorder(c, arrays, open, wrong));
    open.forEach(k -> wrong.add(k + " was not computed"));
    return wrong;
  }

  private record Recorder(
      ReferenceCase c, JsonObject arrays, Set<String> open, List<String> wrong) implements Checks {
    @Override
    public void array(String key, HostTensor got) {
      JsonObject spec = arrays.getAsJsonObject(key);
      boolean exact = spec.has("exact");
      double atol = exact ? 0 : spec.get("atol").getAsDouble();
      double rtol = exact ? 0 : spec.get("rtol").getAsDouble();
      HostTensor want = c.arrays().get(key);
      that(key + " has shape " + want.shape(), got.shape().equals(want.shape()));
      for (long i = 0; i < want.shape().elements(); i++) {
        double tol = atol + rtol * Math.abs(want.get(i));
        if (!(Math.abs(want.get(i) - got.get(i)) <= tol)) {
          wrong.add("%s[%d]: %s, not %s".formatted(key, i, got.get(i), want.get(i)));
        }
      }
      open.remove(key);
    }

    @Override
    public void array(String key, HostTensor got, double maxAbs, double meanAbs) {
      throw new IllegalStateException("not needed here");
    }

    @Override
    public void scalar(String what, double expected, double got, double atol) {
      boolean same = Double.isNaN(expected) && Double.isNaN(got);
      that(what + ": " + got + ", not " + expected, same || Math.abs(expected - got) <= atol);
    }

    @Override
    public void that(String what, boolean holds) {
      if (!holds) {
        wrong.add(what);
      }
    }
  }
}
