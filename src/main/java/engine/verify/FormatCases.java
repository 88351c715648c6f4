package engine.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.Npy;
import engine.weights.WeightsException;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Group {@code formats}: files that must be read to the values the case gives, and damaged ones
 * that must be refused. A case is known when every file of it has a reader.
 */
final class FormatCases implements CaseRunner {
  @Override
  public boolean knows(ReferenceCase c) {
    Set<String> names = new LinkedHashSet<>();
    c.files().values().forEach(p -> names.add(p.toString()));
    if (c.attrs().has("files")) {
      names.addAll(c.attrs().getAsJsonObject("files").keySet());
    }
    return !names.isEmpty()
        && names.stream().allMatch(n -> n.matches(".*\\.(safetensors|npy|pth)"));
  }

  @Override
  public void run(ReferenceCase c, Checks checks) throws IOException {
    if (c.attrs().has("files")) {
      JsonObject files = c.attrs().getAsJsonObject("files");
      for (var e : files.entrySet()) {
        if (c.op().equals("error")) {
          refuses(c, e.getKey(), checks);
        } else {
          JsonElement expected = e.getValue();
          if (e.getKey().endsWith(".npy")) {
            HostTensor array = Npy.read(c.folder().resolve(e.getKey()));
            checks.that(e.getKey() + " has the values of the case", same(array, expected));
          } else {
            reads(c, e.getKey(), expected.getAsJsonObject(), checks);
          }
        }
      }
    } else if (c.op().equals("checkpoint")) {
      HalfAndCheckpointCases.checkpoint(c, checks);
    } else if (!c.files().containsKey("expected")) {
      HalfAndCheckpointCases.half(c, checks);
    } else {
      agree(c, checks);
    }
  }

  private static void refuses(ReferenceCase c, String name, Checks checks) {
    boolean refused = false;
    try {
      Path file = c.folder().resolve(name);
      if (name.endsWith(".npy")) {
        Npy.read(file);
      } else {
        WeightsFile.read(file);
      }
    } catch (WeightsException e) {
      refused = true;
    } catch (IOException | RuntimeException e) {
      // Refused, but not in a sentence for the user.
    }
    checks.that(name + " is refused", refused);
  }

  private static void reads(ReferenceCase c, String name, JsonObject expected, Checks checks)
      throws IOException {
    Map<String, HostTensor> tensors = WeightsFile.read(c.folder().resolve(name)).tensors();
    checks.that(name + " holds " + expected.keySet(), tensors.keySet().equals(expected.keySet()));
    for (var e : expected.entrySet()) {
      checks.that(
          name + " has the values of " + e.getKey(),
          tensors.containsKey(e.getKey()) && same(tensors.get(e.getKey()), e.getValue()));
    }
  }

  /** All files of the case hold the same tensors as the one called {@code expected}. */
  private static void agree(ReferenceCase c, Checks checks) throws IOException {
    Map<String, HostTensor> want = WeightsFile.read(c.files().get("expected")).tensors();
    for (Path file : c.files().values()) {
      agree(file, want, WeightsFile.read(file).tensors(), checks);
    }
  }

  /** The same names, types, shapes and bits. */
  static void agree(
      Path file, Map<String, HostTensor> want, Map<String, HostTensor> got, Checks checks) {
    checks.that(file.getFileName() + " has the same names", got.keySet().equals(want.keySet()));
    for (String key : want.keySet()) {
      HostTensor a = want.get(key);
      HostTensor b = got.get(key);
      checks.that(
          file.getFileName() + " has the same " + key,
          b != null
              && a.dtype() == b.dtype()
              && a.shape().equals(b.shape())
              && a.data().mismatch(b.data()) < 0);
    }
  }

  /** Whether nested lists of numbers are the tensor's shape and values. */
  private static boolean same(HostTensor tensor, JsonElement nested) {
    List<Long> dims = new ArrayList<>();
    for (JsonElement e = nested; e.isJsonArray(); ) {
      JsonArray list = e.getAsJsonArray();
      dims.add((long) list.size());
      if (list.isEmpty()) {
        break;
      }
      e = list.get(0);
    }
    List<Double> values = new ArrayList<>();
    flatten(nested, values);
    long[] shape = dims.stream().mapToLong(d -> d).toArray();
    if (!tensor.shape().equals(Shape.of(shape))) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (tensor.get(i) != values.get(i)) {
        return false;
      }
    }
    return values.size() == tensor.shape().elements();
  }

  private static void flatten(JsonElement e, List<Double> into) {
    if (e.isJsonArray()) {
      e.getAsJsonArray().forEach(x -> flatten(x, into));
    } else {
      into.add(e.getAsDouble());
    }
  }
}
