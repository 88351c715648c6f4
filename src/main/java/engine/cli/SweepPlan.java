package engine.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.JsonFields;
import engine.base.JsonText;
import engine.base.Seeds;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.console.Json;
import engine.recipe.Recipe;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a sweep does: {@code sweep.json} of its folder, from which it goes on.
 *
 * @param format of the file
 * @param metric by which trials are compared, of a line of {@code metrics.jsonl}
 * @param rungs epochs after which the worst trials end, the last one the length of a whole run
 * @param keep one of so many goes on from a rung to the next
 * @param base options that all trials have, by their names without dashes
 * @param trials options of each beside those
 */
record SweepPlan(
    int format,
    String metric,
    List<Integer> rungs,
    int keep,
    Map<String, String> base,
    List<Map<String, String>> trials) {
  private static final String FILE = "sweep.json";
  private static final int FORMAT = 1;
  private static final int MOST_TRIALS = 10_000;

  /** What a file may say of the sweep itself. */
  private static final Set<String> KEYS =
      Set.of("trials", "seed", "metric", "rungs", "keep", "options");

  /** Figures of an epoch that tell how good a trial is. */
  private static final List<String> METRICS =
      List.of(
          "val_accuracy",
          "val_loss",
          "val_f1_macro",
          "train_loss",
          "val_accuracy_raw",
          "val_loss_raw");

  /** Options that say nothing of a trial's result, or that name other files of options. */
  private static final Set<String> NO_TRIAL =
      Set.of(
          "json",
          "debug",
          "config",
          "pin-threads",
          "help",
          "version",
          "minutes", // trials are compared at equal epochs
          "timetable",
          "retimed");

  /**
   * The plan of a file.
   *
   * @param seed of the draws, where the file has none
   * @param typed options of all trials that win over the file's
   * @throws UserError in one sentence, if anything in it is wrong
   */
  static SweepPlan of(Path file, long seed, Map<String, String> typed) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(ConfigFile.tree(file));
    if (!(all.remove("sweep") instanceof Map<?, ?> sweep)) {
      throw new UserError(
          file + " has no group 'sweep', which says what is varied: see docs/experiments.md");
    }
    for (Object key : sweep.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw new UserError(
            "there is no '%s' in a sweep, only %s%s"
                .formatted(
                    YamlText.shown(String.valueOf(key)),
                    String.join(", ", KEYS.stream().sorted().toList()),
                    Suggestion.hint(String.valueOf(key), KEYS)));
      }
    }
    Map<String, String> base = base(all, file);
    base.putAll(typed);
    // The last bits depend on it, here as in the command that is printed at the end.
    base.putIfAbsent("threads", "" + Runtime.getRuntime().availableProcessors());
    Map<String, SweepRange> ranges = ranges(sweep.get("options"), base);
    long drawn = number(sweep, "seed", seed, Long.MIN_VALUE, Long.MAX_VALUE);
    List<Map<String, String>> trials = trials(ranges, sweep, drawn);
    int keep = (int) number(sweep, "keep", 3, 2, 100);
    int epochs = recipe(base, trials.getFirst()).schedule().epochs();
    String metric = sweep.get("metric") == null ? METRICS.getFirst() : "" + sweep.get("metric");
    if (!METRICS.contains(metric)) {
      throw new UserError(
          "'metric' of the sweep must be one of %s, not '%s'%s"
              .formatted(
                  String.join(", ", METRICS),
                  YamlText.shown(metric),
                  Suggestion.hint(metric, METRICS)));
    }
    SweepPlan plan =
        new SweepPlan(FORMAT, metric, rungs(sweep.get("rungs"), epochs, keep), keep, base, trials);
    for (int i = 0; i < trials.size(); i++) {
      plan.recipe(i); // what is wrong with one is said before the first begins
    }
    return plan;
  }

  private static Map<String, String> base(Map<String, Object> all, Path file) throws IOException {
    Map<String, String> out = new LinkedHashMap<>();
    Object preset = all.remove("recipe");
    if (preset != null) {
      out.putAll(ConfigFile.preset(String.valueOf(preset)).options());
    }
    ConfigFile fixed = ConfigFile.of(all, file.toString());
    fixed.options().keySet().forEach(SweepPlan::requireOption);
    out.putAll(fixed.options());
    out.values().removeIf(v -> v == null);
    if (!out.containsKey("data")) {
      throw new UserError(file + " has no 'data': name a folder of class folders, or demo");
    }
    return out;
  }

  private static void requireOption(String name) {
    List<String> known = RecipeLine.names().stream().filter(n -> !NO_TRIAL.contains(n)).toList();
    if (!known.contains(name)) {
      throw new UserError(
          "a sweep has no option '%s'%s"
              .formatted(YamlText.shown(name), Suggestion.hint(name, known)));
    }
  }

  private static Map<String, SweepRange> ranges(Object options, Map<String, String> base) {
    if (!(options instanceof Map<?, ?> given) || given.isEmpty()) {
      throw new UserError(
          "the sweep has no 'options' to vary, such as lr: {log_uniform: [1e-4, 1e-1]}");
    }
    Map<String, SweepRange> out = new LinkedHashMap<>();
    for (Map.Entry<?, ?> e : given.entrySet()) {
      String name = ConfigFile.optionName((String) e.getKey());
      requireOption(name);
      if (name.equals("epochs") || base.containsKey(name)) {
        throw new UserError(
            name.equals("epochs")
                ? "a sweep cannot vary epochs: its rungs say how long trials are"
                : "'%s' is varied by the sweep and has a value beside it: leave one out"
                    .formatted(name));
      }
      out.put(name, SweepRange.of(name, e.getValue()));
    }
    return out;
  }

  private static long number(Map<?, ?> from, String key, long otherwise, long least, long most) {
    Object value = from.get(key);
    try {
      long n = value == null ? otherwise : Long.parseLong(String.valueOf(value));
      if (n >= least && n <= most) {
        return n;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UserError(
        "'%s' of the sweep must be a whole number%s, not '%s'"
            .formatted(
                key,
                least == Long.MIN_VALUE ? "" : " from %,d to %,d".formatted(least, most),
                YamlText.shown(String.valueOf(value))));
  }

  /** As many draws as were asked for, or where all are lists each combination once. */
  private static List<Map<String, String>> trials(
      Map<String, SweepRange> ranges, Map<?, ?> sweep, long seed) {
    List<Map<String, String>> out = new ArrayList<>();
    if (sweep.get("trials") == null) {
      if (!ranges.values().stream().allMatch(SweepRange::isChoice)) {
        throw new UserError("the sweep draws from ranges: say how often with 'trials'");
      }
      out.add(Map.of());
      for (Map.Entry<String, SweepRange> e : ranges.entrySet()) {
        List<Map<String, String>> longer = new ArrayList<>();
        for (Map<String, String> before : out) {
          for (String value : e.getValue().values()) {
            Map<String, String> one = new LinkedHashMap<>(before);
            one.put(e.getKey(), value);
            longer.add(one);
          }
        }
        out = longer;
        if (out.size() > MOST_TRIALS) {
          throw new UserError(
              "the lists have more than 10,000 combinations: draw some with 'trials'");
        }
      }
      return out;
    }
    int count = (int) number(sweep, "trials", 0, 1, MOST_TRIALS);
    for (int t = 0; t < count; t++) {
      Map<String, String> one = new LinkedHashMap<>();
      int option = 0;
      for (Map.Entry<String, SweepRange> e : ranges.entrySet()) {
        one.put(e.getKey(), e.getValue().draw(Seeds.stream(seed, t, option++)));
      }
      out.add(one);
    }
    return out;
  }

  /** Powers of {@code keep} down from the whole length, or what was asked for. */
  private static List<Integer> rungs(Object given, int epochs, int keep) {
    List<Integer> out = new ArrayList<>();
    if (given == null) {
      for (int e : new int[] {ceil(epochs, keep * keep), ceil(epochs, keep), epochs}) {
        if (out.isEmpty() || out.getLast() < e) {
          out.add(e);
        }
      }
      return out;
    }
    int before = 0;
    for (Object o : given instanceof List<?> list ? list : List.of()) {
      int e = (int) number(Map.of("rungs", String.valueOf(o)), "rungs", 0, 1, 1_000_000);
      if (e <= before) {
        out.clear();
        break;
      }
      before = e;
      out.add(e);
    }
    if (out.isEmpty() || out.getLast() != epochs) {
      throw new UserError(
          "'rungs' of the sweep must be epochs that rise to the %d of a whole run, such as %s; not %s"
              .formatted(epochs, rungs(null, epochs, keep), given));
    }
    return out;
  }

  private static int ceil(int a, int b) {
    return Math.ceilDiv(a, b);
  }

  private static Recipe recipe(Map<String, String> base, Map<String, String> trial) {
    Map<String, String> all = new LinkedHashMap<>(base);
    all.putAll(trial);
    return RecipeLine.of(all);
  }

  /** The recipe of a trial. */
  Recipe recipe(int trial) {
    return recipe(base, trials.get(trial));
  }

  /** The command that is a trial, whole. */
  String command(int trial) {
    List<String> words = new ArrayList<>(List.of("engine", "train"));
    Map<String, String> all = new LinkedHashMap<>(base);
    all.putAll(trials.get(trial));
    all.forEach((name, value) -> words.add("--" + name + "=" + value));
    return ShellWords.line(words);
  }

  /** Whether less of the metric is better. */
  boolean isLoss() {
    return metric.contains("loss");
  }

  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  static SweepPlan read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      JsonObject json = JsonText.object(JsonText.read(file));
      SweepPlan plan = JsonFields.read(json, SweepPlan.class, Set.of());
      if (plan.format == FORMAT) {
        return plan;
      }
    } catch (JsonParseException e) {
      // said below
    }
    throw new UserError(file + " is damaged: put it back, or begin anew with another --out");
  }

  void write(Path folder) throws IOException {
    AtomicFiles.writeString(folder.resolve(FILE), Json.page(this));
  }
}
