package engine.verify;

import com.google.gson.JsonObject;
import engine.tensor.HostTensor;
import java.nio.file.Path;
import java.util.Map;

/**
 * One reference case of a manifest: what to run ({@code op} with {@code attrs}) and what must come
 * out.
 *
 * @param spec the case's whole manifest entry (tolerances are in its {@code arrays})
 * @param folder the folder of the manifest; paths in {@code attrs} are relative to it
 * @param arrays {@code in.*} inputs, {@code out.*} and {@code grad.*} expected values, {@code
 *     aux.*} for reading only
 * @param files extra files by their key in the manifest
 */
public record ReferenceCase(
    String group,
    String name,
    String op,
    JsonObject attrs,
    JsonObject spec,
    Path folder,
    Map<String, HostTensor> arrays,
    Map<String, Path> files) {

  /** The input array {@code in.<key>}; an error that names the case when it is missing. */
  public HostTensor in(String key) {
    HostTensor t = arrays.get("in." + key);
    if (t == null) {
      throw new IllegalArgumentException("case " + group + "/" + name + " has no array in." + key);
    }
    return t;
  }

  public boolean has(String key) {
    return arrays.containsKey(key);
  }
}
