package engine.train;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestDevices;
import engine.base.SnakeCase;
import engine.data.Datasets;
import engine.eval.Evaluation;
import engine.recipe.AugmentSettings;
import engine.recipe.ComputeSettings;
import engine.recipe.DataSettings;
import engine.recipe.LossSettings;
import engine.recipe.ModelSettings;
import engine.recipe.OptimSettings;
import engine.recipe.Recipe;
import engine.recipe.ScheduleSettings;
import engine.report.EpochMetrics;
import engine.run.MetricsLog;
import engine.run.ModelInfo;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Runs of a network so small that an epoch takes a moment, with everything random switched on. */
public final class TinyRun {
  private TinyRun() {}

  /** What a run said, and the evaluation it gave. */
  record Result(Evaluation evaluation, List<String> messages, int batches) {}

  /**
   * A recipe on a folder.
   *
   * @param changes such as {@code epochs=3}, by the recipe's field names
   */
  public static Recipe recipe(Path data, String... changes) {
    Recipe base =
        new Recipe(
            DataSettings.of(data.toString()),
            new ModelSettings("resnet18", 0.0625, "standard", "none", 0.3, false, null),
            OptimSettings.adamw(1e-3),
            ScheduleSettings.of(3, 8).withScheduler("cosine:t_max=10"),
            AugmentSettings.crop(8),
            LossSettings.of(0.1),
            ComputeSettings.on("cpu", 2, 1));
    JsonObject json = new Gson().toJsonTree(base).getAsJsonObject();
    for (String change : changes) {
      String[] parts = change.split("=", 2);
      json.add(SnakeCase.of(parts[0]), JsonParser.parseString(parts[1]));
    }
    return new Gson().fromJson(json, Recipe.class);
  }

  public static Result run(Recipe r, Path out) throws IOException {
    return run(r, out, false, 0, Integer.MAX_VALUE);
  }

  public static Result resume(Recipe r, Path out) throws IOException {
    return run(r, out, true, 0, Integer.MAX_VALUE);
  }

  /**
   * @param stopAfter batches after which the run is asked to stop
   */
  public static Result run(Recipe r, Path out, boolean resume, int workers, int stopAfter)
      throws IOException {
    Messages messages = new Messages();
    BooleanSupplier stop = () -> messages.batches >= stopAfter;
    Datasets.Split data = RunSetup.open(r, messages::message);
    ModelInfo info = RunSetup.info(r, data);
    try (Trainer t =
        new Trainer(
            TestDevices.cpu(),
            r,
            new RunFolder(out),
            data,
            info,
            TrainerOptions.of(workers),
            messages)) {
      Evaluation e = t.run(resume, stop);
      return new Result(e, messages.lines, messages.batches);
    }
  }

  /** A file of the last checkpoint. */
  static Path last(Path run, String file) throws IOException {
    return new RunFolder(run).last().resolve(file);
  }

  /** {@code metrics.jsonl} without what a clock or a meter measured. */
  static List<EpochMetrics> figures(Path run) throws IOException {
    return MetricsLog.read(run.resolve("metrics.jsonl")).stream()
        .map(
            m -> {
              Map<String, Double> extra = new LinkedHashMap<>(m.extra());
              extra.remove("memory_peak_mb");
              return new EpochMetrics(
                  m.epoch(), m.trainLoss(), m.valLoss(), m.valAccuracy(), m.lr(), 0, 0, extra);
            })
        .toList();
  }

  /** Copies a folder with all that is in it. */
  public static Path copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path f : files.toList()) {
        Files.copy(f, to.resolve(from.relativize(f)));
      }
    }
    return to;
  }

  private static final class Messages implements TrainingListener {
    private final List<String> lines = new ArrayList<>();
    private int batches;

    @Override
    public void started(String... lines) {}

    @Override
    public void batch(
        int epoch, int epochs, int done, int of, long images, double loss, double lr) {
      batches++;
    }

    @Override
    public void validating(int epoch, int done, int of) {}

    @Override
    public void epoch(EpochMetrics metrics, int epochs, boolean best) {}

    @Override
    public void message(String line) {
      lines.add(line);
    }
  }
}
