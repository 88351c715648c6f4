package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A folder of reference cases: {@code manifest.json} with an array {@code cases}, each an object
 * with {@code group}, {@code name}, {@code op} and, as the case needs them, {@code attrs}, {@code
 * file} (its arrays), {@code arrays} (type, shape and tolerance of each), {@code files} and {@code
 * notes}. Arrays are read only when a case is loaded.
 */
public record Manifest(Path folder, List<Item> cases) {
  /** One case as the manifest lists it; {@link #load} reads its arrays. */
  public record Item(Path folder, String group, String name, String op, JsonObject spec) {
    /** {@code group/name}, unique in a manifest. */
    public String id() {
      return group + "/" + name;
    }

    /**
     * Reads the case's arrays.
     *
     * @throws IOException when a file is missing or damaged, or lacks an array the manifest lists
     */
    public ReferenceCase load() throws IOException {
      Map<String, HostTensor> arrays = Map.of();
      if (spec.has("file")) {
        arrays = SafeTensors.read(folder.resolve(spec.get("file").getAsString())).tensors();
      }
      for (String key : object(spec, "arrays", id()).keySet()) {
        if (!arrays.containsKey(key)) {
          throw new IOException("the manifest lists the array " + key + ", which its file lacks");
        }
      }
      return new ReferenceCase(
          group, name, op, object(spec, "attrs", id()), spec, folder, arrays, files());
    }

    /** The extra files by their key; nothing says that they exist. */
    private Map<String, Path> files() {
      Map<String, Path> out = new LinkedHashMap<>();
      for (var e : object(spec, "files", id()).entrySet()) {
        if (e.getValue().isJsonPrimitive()) {
          out.put(e.getKey(), folder.resolve(e.getValue().getAsString()));
        }
      }
      return out;
    }
  }

  /**
   * Reads {@code folder/manifest.json}.
   *
   * @throws UserError when there is none, or it is not a manifest
   */
  public static Manifest read(Path folder) throws IOException {
    Path file = folder.resolve("manifest.json");
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          folder
              + " holds no reference cases: there is no manifest.json; give the folder that has one"
              + (Files.isDirectory(folder) ? "" : Suggestion.beside(folder, Files::isDirectory)));
    }
    List<Item> cases = new ArrayList<>();
    try {
      JsonElement root = JsonParser.parseString(Files.readString(file));
      if (!root.isJsonObject() || !root.getAsJsonObject().has("cases")) {
        throw new UserError(file + " is not a manifest: it has no list of cases");
      }
      for (JsonElement e : root.getAsJsonObject().getAsJsonArray("cases")) {
        cases.add(item(file, folder, e, cases.size()));
      }
    } catch (JsonParseException | ClassCastException | IllegalStateException e) {
      throw new UserError(file + " is not a manifest: no JSON object with a list of cases", e);
    }
    Set<String> seen = new HashSet<>();
    for (Item c : cases) {
      if (!seen.add(c.id())) {
        throw new UserError(file + " lists the case " + c.id() + " twice");
      }
    }
    return new Manifest(folder, List.copyOf(cases));
  }

  /** The groups that have cases, sorted. */
  public Set<String> groups() {
    Set<String> out = new TreeSet<>();
    cases.forEach(c -> out.add(c.group()));
    return out;
  }

  private static Item item(Path file, Path folder, JsonElement e, int index) {
    if (!e.isJsonObject()) {
      throw new UserError(file + ": case " + index + " is not an object");
    }
    JsonObject o = e.getAsJsonObject();
    for (String key : List.of("group", "name", "op")) {
      if (!o.has(key) || !o.get(key).isJsonPrimitive()) {
        throw new UserError(file + ": case " + index + " lacks its " + key);
      }
    }
    return new Item(
        folder,
        o.get("group").getAsString(),
        o.get("name").getAsString(),
        o.get("op").getAsString(),
        o);
  }

  private static JsonObject object(JsonObject spec, String key, String id) {
    JsonElement e = spec.get(key);
    if (e == null || e.isJsonNull()) {
      return new JsonObject();
    }
    if (!e.isJsonObject()) {
      throw new UserError("case " + id + " is wrong in the manifest: " + key + " is not an object");
    }
    return e.getAsJsonObject();
  }
}
