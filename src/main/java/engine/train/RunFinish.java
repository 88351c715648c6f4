package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.console.Units;
import engine.data.Datasets;
import engine.eval.Evaluation;
import engine.eval.EvaluationReport;
import engine.infer.Int8Model;
import engine.infer.LoadedModel;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.recipe.Regularization;
import engine.report.Decoration;
import engine.report.EpochMetrics;
import engine.report.ReportData;
import engine.report.RunReport;
import engine.run.MetricsLog;
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
   * A model of a run and what it did on the held-out pictures.
   *
   * @param model its file or folder
   * @param of what it is, for people
   */
  public record Judged(Evaluation evaluation, Path model, String of) {}

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
    boolean written = report(backend, run, r, data, new Judged(best, run.best(), of), listener);
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
   * @return whether the report could be written; why not is said
   */
  public static boolean report(
      Backend backend,
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      Judged judged,
      TrainingListener listener) {
    Decoration decoration = new Decoration(listener::message);
    return decoration.attempt(
        "the report " + run.report(),
        () ->
            RunReport.write(
                page(backend, run, r, data, judged, decoration), run.report(), decoration));
  }

  private static ReportData page(
      Backend backend,
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      Judged judged,
      Decoration decoration)
      throws IOException {
    List<String> notes = new ArrayList<>();
    if (Datasets.source(r.data().source()).name().equals("demo")) {
      notes.add("The pictures are synthetic: drawn by a program, not photographed.");
    }
    try (LoadedModel loaded =
        LoadedModel.load(
            backend, judged.model, Precision.of(r.compute().precision(), backend, _ -> {}))) {
      String precision = loaded instanceof Int8Model ? "int8" : r.compute().precision();
      ReportData.Builder report =
          new ReportData.Builder(r.model().name() + " on " + r.data().name())
              .subtitle(
                  "width %s, %dx%d pixels, %s on %s"
                      .formatted(
                          r.model().width(),
                          r.augment().imageSize(),
                          r.augment().imageSize(),
                          precision,
                          backend.name()))
              .epochs(MetricsLog.read(run.metrics()))
              .configuration(configuration(r, backend))
              .commands(List.of("engine eval " + Setting.CHECKPOINT + " " + run.root()))
              .notes(notes);
      EvaluationReport.add(
          report,
          backend,
          new EvaluationReport.Subject(
              List.of(loaded),
              judged.evaluation,
              data.val(),
              judged.of + ", " + Units.count(data.val().size(), "picture")),
          r.compute().precision(),
          decoration);
      return report.build();
    }
  }

  private static Map<String, String> configuration(Recipe r, Backend backend) {
    Map<String, String> c = new LinkedHashMap<>();
    c.put(
        "model",
        r.model().name()
            + ", width "
            + r.model().width()
            + ", stem "
            + r.model().stem()
            + ", dropout "
            + r.model().dropout());
    c.put(
        "optimizer",
        r.optim().name() + ", lr " + r.optim().lr() + ", weight decay " + r.optim().weightDecay());
    String added =
        r.schedule().extended().isEmpty() ? "" : ", extended to " + r.schedule().epochs();
    c.put("schedule", r.schedule().scheduler() + ", " + r.schedule().span() + " epochs" + added);
    c.put(
        "batch",
        r.schedule().batch()
            + (r.schedule().accumulate() > 1 ? " times " + r.schedule().accumulate() : ""));
    c.put("label smoothing", r.loss().labelSmoothing() + " (" + r.loss().smoothingMode() + ")");
    c.put("augmentation", r.augment().kind() + ", jitter " + r.augment().jitter());
    Regularization g = r.augment().regularization();
    c.put("policy", g.policy() + ", erasing " + g.erasing());
    c.put("mixup, cutmix", g.mixup() + ", " + g.cutmix());
    c.put("ema", g.hasEma() ? "decay " + g.ema() : "none");
    c.put(
        "frozen",
        r.schedule().fineTuning().freeze()
            + ", layer decay "
            + r.schedule().fineTuning().layerDecay());
    c.put(
        "classes",
        "weights " + r.loss().balance().classWeights() + ", " + r.loss().balance().sampler());
    c.put("precision", r.compute().precision());
    c.put("seed", Long.toString(r.compute().seed()));
    c.put("device", backend.name() + " (" + backend.describe() + ")");
    return c;
  }
}
