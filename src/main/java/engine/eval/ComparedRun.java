package engine.eval;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.infer.EvalData;
import engine.infer.LoadedModel;
import engine.recipe.Recipe;
import engine.report.EpochMetrics;
import engine.run.MetricsLog;
import engine.run.ModelInfo;
import engine.run.RunFolder;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A run beside others.
 *
 * @param name that tells it from the others
 * @param model file of the checkpoint that answers
 * @param info what that model is
 * @param recipe of the run, or null where nothing says it
 * @param epochs of its log, or none
 */
public record ComparedRun(
    String name, Path model, ModelInfo info, Recipe recipe, List<EpochMetrics> epochs) {

  /**
   * Finds each run.
   *
   * @param paths run folders, checkpoints or files
   */
  public static List<ComparedRun> of(List<Path> paths) throws IOException {
    List<String> names = names(paths);
    List<ComparedRun> out = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      Path model = LoadedModel.find(paths.get(i));
      ModelInfo info = ModelInfo.fromMetadata(SafeTensors.read(model).metadata(), model.toString());
      Path config = EvalData.configOf(model);
      Path log = config == null ? null : new RunFolder(config.getParent()).metrics();
      out.add(
          new ComparedRun(
              names.get(i),
              model,
              info,
              config == null ? null : Recipe.read(config),
              log == null || !Files.exists(log) ? List.of() : MetricsLog.read(log)));
    }
    return out;
  }

  /** The last parts of the paths that tell them apart. */
  public static List<String> names(List<Path> paths) {
    for (int parts = 1; parts < 6; parts++) {
      int most = parts;
      List<String> names = paths.stream().map(p -> tail(p, most)).toList();
      if (new LinkedHashSet<>(names).size() == names.size()) {
        return names;
      }
    }
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      numbered.add(paths.get(i) + " (" + (i + 1) + ")");
    }
    return numbered;
  }

  private static String tail(Path p, int parts) {
    Path whole = p.toAbsolutePath().normalize();
    int n = whole.getNameCount();
    return n == 0 ? whole.toString() : whole.subpath(Math.max(0, n - parts), n).toString();
  }

  /** The settings in which recipes differ, by their names in config.json: a value a run. */
  static Map<String, List<String>> differences(List<ComparedRun> runs) {
    List<Map<String, String>> all = runs.stream().map(ComparedRun::settings).toList();
    Set<String> keys = new LinkedHashSet<>();
    all.forEach(m -> keys.addAll(m.keySet()));
    Map<String, List<String>> out = new LinkedHashMap<>();
    for (String key : keys) {
      List<String> values = all.stream().map(m -> m.getOrDefault(key, "–")).toList();
      if (values.stream().distinct().count() > 1) {
        out.put(key, values);
      }
    }
    return out;
  }

  private Map<String, String> settings() {
    Map<String, String> out = new LinkedHashMap<>();
    if (recipe != null) {
      flatten("", new Gson().toJsonTree(recipe).getAsJsonObject(), out);
    }
    return out;
  }

  private static void flatten(String within, JsonObject from, Map<String, String> to) {
    for (Map.Entry<String, JsonElement> e : from.entrySet()) {
      if (e.getValue().isJsonObject()) {
        flatten(within + e.getKey() + ".", e.getValue().getAsJsonObject(), to);
      } else if (e.getValue().isJsonPrimitive()) {
        to.put(within + e.getKey(), e.getValue().getAsString());
      } else {
        to.put(within + e.getKey(), e.getValue().toString());
      }
    }
  }
}
