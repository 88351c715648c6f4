package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the augment cases of a folder of reference cases and collects what differs. */
final class AugmentReference {
  private AugmentReference() {}

  /** The differences of every case, by its name; none for a case that passes. */
  static Map<String, List<String>> run(Path folder) throws IOException {
    JsonObject manifest =
        JsonParser.parseString(Files.readString(folder.resolve("manifest.json"))).getAsJsonObject();
    Map<String, List<String>> results = new HashMap<>();
    for (JsonElement e : manifest.getAsJsonArray("cases")) {
      JsonObject spec = e.getAsJsonObject();
      if (spec.get("group").getAsString().equals("augment")) {
        results.put(spec.get("name").getAsString(), run(folder, spec));
      }
    }
    return results;
  }

  private static List<String> run(Path folder, JsonObject spec) throws IOException {
    Map<String, HostTensor> arrays =
        spec.has("file")
            ? SafeTensors.read(folder.resolve(spec.get("file").getAsString())).tensors()
            : Map.of();
    Map<String, Path> files = new HashMap<>();
    if (spec.has("files")) {
      spec.getAsJsonObject("files")
          .entrySet()
          .forEach(f -> files.put(f.getKey(), folder.resolve(f.getValue().getAsString())));
    }
    ReferenceCase c =
        new ReferenceCase(
            "augment",
            spec.get("name").getAsString(),
            spec.get("op").getAsString(),
            spec.getAsJsonObject("attrs"),
            spec,
            folder,
            arrays,
            files);
    AugmentCases cases = new AugmentCases();
    if (!cases.knows(c)) {
      return List.of("not known");
    }
    Comparison comparison = new Comparison(c);
    try {
      cases.run(c, comparison);
    } catch (RuntimeException e) {
      return List.of(e.toString());
    }
    arrays.keySet().stream()
        .filter(k -> k.startsWith("out.") && !comparison.seen.contains(k))
        .forEach(k -> comparison.problems.add(k + " is missing"));
    return comparison.problems;
  }

  private static final class Comparison implements Checks {
    private final ReferenceCase c;
    private final Set<String> seen = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    Comparison(ReferenceCase c) {
      this.c = c;
    }

    @Override
    public void array(String key, HostTensor got) {
      JsonObject spec = c.spec().getAsJsonObject("arrays").getAsJsonObject(key);
      boolean exact = spec.has("exact");
      compare(
          key,
          got,
          exact ? 0 : spec.get("atol").getAsDouble(),
          exact ? 0 : spec.get("rtol").getAsDouble());
    }

    @Override
    public void array(String key, HostTensor got, double maxAbs, double meanAbs) {
      compare(key, got, maxAbs, 0);
    }

    private void compare(String key, HostTensor got, double atol, double rtol) {
      seen.add(key);
      HostTensor want = c.arrays().get(key);
      if (!want.shape().equals(got.shape())) {
        problems.add(key + " is " + got.shape() + ", not " + want.shape());
        return;
      }
      long bad = 0;
      double worst = 0;
      for (long i = 0; i < want.shape().elements(); i++) {
        double d = Math.abs(want.get(i) - got.get(i));
        worst = Math.max(worst, d);
        bad += d <= atol + rtol * Math.abs(want.get(i)) ? 0 : 1;
      }
      if (bad > 0) {
        problems.add(key + ": " + bad + " values differ, by up to " + worst);
      }
    }

    @Override
    public void scalar(String what, double expected, double got, double atol) {
      if (!(Math.abs(expected - got) <= atol)) {
        problems.add(what + ": " + got + ", not " + expected + " within " + atol);
      }
    }

    @Override
    public void that(String what, boolean holds) {
      if (!holds) {
        problems.add(what);
      }
    }
  }
}
