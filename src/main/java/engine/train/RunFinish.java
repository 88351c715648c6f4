package engine.train;

import engine.backend.Backend;
import engine.data.Datasets;
import engine.eval.Evaluation;
import engine.eval.EvaluationReport;
import engine.infer.Int8Model;
import engine.infer.LoadedModel;
import engine.report.Decoration;
import engine.report.EpochMetrics;
import engine.report.ReportData;
import engine.report.RunReport;
import engine.run.MetricsLog;
import engine.run.Precision;
import engine.run.Recipe;
import engine.run.Regularization;
import engine.run.RunFolder;
import engine.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The end of a run: the report, and what to do next. */
public final class RunFinish {
  private RunFinish() {}

  /**
   * Writes {@code report.html} from the logs and the evaluation of the best checkpoint. A report
   * that cannot be made is left out and said: the run is done without it.
   */
  public static void report(
      Backend backend,
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      Evaluation best,
      TrainingListener listener)
      throws IOException {
    int bestEpoch =
        MetricsLog.read(run.metrics()).stream()
            .max(Comparator.comparingDouble(EpochMetrics::valAccuracy))
            .map(EpochMetrics::epoch)
            .orElse(0);
    String of = "best checkpoint (epoch %d)".formatted(bestEpoch);
    boolean written = report(backend, run, r, data, best, run.best(), of, listener);
    listener.message(
        "best validation accuracy %.2f %% (epoch %d)%s"
            .formatted(
                100 * best.metrics().accuracy(),
                bestEpoch,
                written ? "; report: " + run.report() : ""));
  }

  /**
   * The same of a model that need not be the run's best checkpoint.
   *
   * @param model its file or folder
   * @param of what it is, for people
   * @return whether the report could be written; why not is said
   */
  public static boolean report(
      Backend backend,
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      Evaluation evaluation,
      Path model,
      String of,
      TrainingListener listener) {
    Decoration decoration = new Decoration(listener::message);
    return decoration.attempt(
        "the report " + run.report(),
        () ->
            RunReport.write(
                page(backend, run, r, data, evaluation, model, of, decoration),
                run.report(),
                decoration));
  }

  private static ReportData page(
      Backend backend,
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      Evaluation evaluation,
      Path model,
      String of,
      Decoration decoration)
      throws IOException {
    List<String> notes = new ArrayList<>();
    if (r.data().startsWith("demo")) {
      notes.add("The pictures are synthetic: drawn by a program, not photographed.");
    }
    try (LoadedModel loaded =
        LoadedModel.load(backend, model, Precision.of(r.precision(), backend, _ -> {}))) {
      String precision = loaded instanceof Int8Model ? "int8" : r.precision();
      ReportData.Builder report =
          new ReportData.Builder(r.model() + " on " + r.dataName())
              .subtitle(
                  "width %s, %dx%d pixels, %s on %s"
                      .formatted(r.width(), r.imageSize(), r.imageSize(), precision, r.device()))
              .epochs(MetricsLog.read(run.metrics()))
              .configuration(configuration(r))
              .commands(List.of("engine eval --checkpoint " + run.root()))
              .notes(notes);
      EvaluationReport.add(
          report,
          backend,
          List.of(loaded),
          evaluation,
          data.val(),
          "%s, %,d pictures".formatted(of, data.val().size()),
          r.precision(),
          decoration);
      return report.build();
    }
  }

  private static Map<String, String> configuration(Recipe r) {
    Map<String, String> c = new LinkedHashMap<>();
    c.put(
        "model",
        r.model() + ", width " + r.width() + ", stem " + r.stem() + ", dropout " + r.dropout());
    c.put("optimizer", r.optimizer() + ", lr " + r.lr() + ", weight decay " + r.weightDecay());
    c.put("schedule", r.scheduler() + ", " + r.epochs() + " epochs");
    c.put("batch", r.batch() + (r.accumulate() > 1 ? " times " + r.accumulate() : ""));
    c.put("label smoothing", r.labelSmoothing() + " (" + r.smoothingMode() + ")");
    c.put("augmentation", r.augment() + ", jitter " + r.jitter());
    Regularization g = r.regularization();
    c.put("policy", g.policy() + ", erasing " + g.erasing());
    c.put("mixup, cutmix", g.mixup() + ", " + g.cutmix());
    c.put("average of weights", g.hasEma() ? "decay " + g.ema() : "none");
    c.put("frozen", r.fineTuning().freeze() + ", layer decay " + r.fineTuning().layerDecay());
    c.put("classes", "weights " + r.balance().classWeights() + ", " + r.balance().sampler());
    c.put("precision", r.precision());
    c.put("seed", Long.toString(r.seed()));
    c.put("threads", Integer.toString(r.threads()));
    return c;
  }
}
