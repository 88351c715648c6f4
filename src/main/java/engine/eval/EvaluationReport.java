package engine.eval;

import engine.backend.Backend;
import engine.data.Dataset;
import engine.infer.Int8Model;
import engine.infer.LatencyProbe;
import engine.infer.LoadedModel;
import engine.report.Decoration;
import engine.report.ReportData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What every report of an evaluation has: figures, pictures, latency. */
public final class EvaluationReport {
  private static final int LATENCY_RUNS = 50;

  private EvaluationReport() {}

  /**
   * What a report is about.
   *
   * @param models whose common answer was evaluated; the first explains its own
   * @param of what was evaluated, for people
   */
  public record Subject(List<LoadedModel> models, Evaluation evaluation, Dataset data, String of) {}

  /**
   * Adds to a report what a model did on a dataset.
   *
   * @param precision as it was asked for
   * @param decoration guards each of the parts beside the figures
   */
  public static void add(
      ReportData.Builder report,
      Backend backend,
      Subject subject,
      String precision,
      Decoration decoration) {
    LoadedModel model = subject.models.getFirst();
    Evaluation evaluation = subject.evaluation;
    EvidenceCollector pictures =
        new EvidenceCollector(backend, model, evaluation, subject.data, decoration);
    report
        .metrics(evaluation.metrics(), subject.of, model.info().classes())
        .mistakes(pictures.mistakes())
        .evidence(pictures.evidence())
        .latency(
            decoration.get(
                "the latency in the report",
                List.of(),
                () -> {
                  LatencyProbe.Result latency = latency(subject.models, subject.data);
                  return List.of(
                      new ReportData.Latency(
                          backend.name() + ", " + (model instanceof Int8Model ? "int8" : precision),
                          latency.batch(),
                          latency.p50(),
                          latency.p99()));
                }));
  }

  /** Of one picture a call, at the size that each model sees, all of them one after the other. */
  public static LatencyProbe.Result latency(List<LoadedModel> models, Dataset data)
      throws IOException {
    List<LatencyProbe.Input> inputs = new ArrayList<>();
    for (LoadedModel m : models) {
      inputs.add(new LatencyProbe.Input(m, side(m, data)));
    }
    return LatencyProbe.measure(inputs, 1, LATENCY_RUNS);
  }

  private static int side(LoadedModel model, Dataset data) throws IOException {
    var spec = model.info().preprocessing();
    if (spec.crop() > 0 || spec.resize() > 0) {
      return spec.crop() > 0 ? spec.crop() : spec.resize();
    }
    return data.load(0).width() + 2 * spec.pad();
  }
}
