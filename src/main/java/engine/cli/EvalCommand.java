package engine.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.base.UserError;
import engine.data.DataLoader;
import engine.data.Dataset;
import engine.report.ReportData;
import engine.report.RunReport;
import engine.report.console.ProgressBar;
import engine.report.console.Table;
import engine.report.console.Terminal;
import engine.report.console.Units;
import engine.train.EvalData;
import engine.train.Evaluation;
import engine.train.Evaluator;
import engine.train.LatencyProbe;
import engine.train.LoadedModel;
import engine.train.RunFinish;
import engine.train.RunSetup;
import engine.train.metrics.ClassScore;
import engine.train.metrics.ClassificationMetrics;
import engine.train.metrics.ConfusedPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine eval}: how good a checkpoint is, and where it is wrong. */
@Command(
    name = "eval",
    description = "Evaluates a checkpoint: accuracy, per-class figures, confusions, latency.",
    footer = {
      "",
      "Examples:",
      "  engine eval --checkpoint runs/demo-resnet50",
      "  engine eval --checkpoint runs/photos --data more-photos --report eval.html"
    })
final class EvalCommand implements Callable<Integer> {
  private static final int PAIRS = 5;
  private static final int WIDE_MATRIX = 20;
  private static final int LATENCY_RUNS = 50;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "PATH",
      description =
          "A run folder (its best checkpoint), a checkpoint folder or a model.safetensors.")
  private Path checkpoint;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "As for train; its validation side, or a folder of class folders as a whole (default: what the run held out).")
  private String data;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Pictures a step (default 32).")
  private int batch;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description = "fp32 or amp (default fp32).")
  private String precision;

  @Option(names = "--report", paramLabel = "FILE", description = "Also write an HTML report.")
  private Path report;

  @Option(names = "--allow-bad-images", description = "Go on however many pictures cannot be read.")
  private boolean allowBadImages;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    boolean half = PrecisionOption.isHalf(precision);
    try (Backend backend = Devices.open(common.device(), common.threads());
        LoadedModel model = LoadedModel.load(backend, checkpoint, half)) {
      Dataset dataset = EvalData.open(checkpoint, data, model.info());
      DataLoader.Config config =
          new DataLoader.Config(batch, false, false, 0, RunSetup.workers(), 2, allowBadImages);
      Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
      try (DataLoader loader =
          new DataLoader(dataset, model.info().preprocessing().evalTransform(), config)) {
        Evaluation e = evaluate(terminal, model, loader);
        LatencyProbe.Result latency =
            LatencyProbe.measure(model, 1, side(model, dataset), LATENCY_RUNS);
        if (common.json) {
          spec.commandLine().getOut().println(json(e, latency));
        } else {
          print(terminal, e, latency, model, loader);
        }
        if (report != null) {
          write(e, latency, model, dataset, backend);
          terminal.out().println("report: " + report);
        }
      }
    }
    return 0;
  }

  private static Evaluation evaluate(Terminal terminal, LoadedModel model, DataLoader loader) {
    try (ProgressBar bar =
        new ProgressBar(terminal, "evaluating", loader.dataset().size(), "img")) {
      return Evaluator.run(model, loader, n -> bar.update(n, n));
    }
  }

  private static int side(LoadedModel model, Dataset d) throws IOException {
    int crop = model.info().preprocessing().crop();
    return crop > 0 ? crop : d.load(0).width() + 2 * model.info().preprocessing().pad();
  }

  private static void print(
      Terminal t, Evaluation e, LatencyProbe.Result latency, LoadedModel model, DataLoader loader) {
    ClassificationMetrics m = e.metrics();
    List<String> names = model.info().classes();
    t.out()
        .println(
            "accuracy %s   top-5 %s   macro-F1 %.4f   balanced accuracy %s   log loss %.4f   on %,d pictures"
                .formatted(
                    Units.percent(m.accuracy()),
                    Units.percent(m.topK(5)),
                    m.macro().f1(),
                    Units.percent(m.balancedAccuracy()),
                    m.logLoss(),
                    m.samples()));
    t.out()
        .println(
            "latency p50 %.1f ms, p99 %.1f ms for one picture; %s img/s in batches"
                .formatted(latency.p50(), latency.p99(), Units.rate(e.imagesPerSecond())));
    t.out().println();
    Table classes = new Table("class", ">precision", ">recall", ">F1", ">pictures");
    List<ClassScore> scores = m.perClass();
    for (int i = 0; i < scores.size(); i++) {
      ClassScore s = scores.get(i);
      classes.row(
          names.get(i),
          "%.4f".formatted(s.precision()),
          "%.4f".formatted(s.recall()),
          "%.4f".formatted(s.f1()),
          s.support());
    }
    classes.print(t);
    if (names.size() <= WIDE_MATRIX) {
      t.out().println();
      matrix(m, names).print(t);
    }
    List<ConfusedPair> pairs = m.confusion().mostConfused(PAIRS);
    if (!pairs.isEmpty()) {
      t.out().println();
      Table p = new Table("most confused", ">times", ">of its class");
      for (ConfusedPair c : pairs) {
        p.row(
            names.get(c.truth()) + " taken for " + names.get(c.predicted()),
            c.count(),
            Units.percent(c.share()));
      }
      p.print(t);
    }
    loader.badImages().list().forEach(b -> t.out().println("left out: " + b));
  }

  private static Table matrix(ClassificationMetrics m, List<String> names) {
    String[] head = new String[names.size() + 1];
    head[0] = "true \\ predicted";
    for (int i = 0; i < names.size(); i++) {
      head[i + 1] = ">" + names.get(i);
    }
    Table t = new Table(head);
    for (int i = 0; i < names.size(); i++) {
      Object[] row = new Object[head.length];
      row[0] = names.get(i);
      for (int j = 0; j < names.size(); j++) {
        row[j + 1] = m.confusion().count(i, j) == 0 ? "·" : m.confusion().count(i, j);
      }
      t.row(row);
    }
    return t;
  }

  private static String json(Evaluation e, LatencyProbe.Result latency) {
    var gson = new GsonBuilder().serializeSpecialFloatingPointValues().create();
    JsonObject o = gson.toJsonTree(e.metrics().summary()).getAsJsonObject();
    o.addProperty("samples", e.metrics().samples());
    o.addProperty("images_s", e.imagesPerSecond());
    o.addProperty("latency_p50_ms", latency.p50());
    o.addProperty("latency_p99_ms", latency.p99());
    o.add("per_class", gson.toJsonTree(e.metrics().perClass()));
    return gson.toJson(o);
  }

  private void write(
      Evaluation e,
      LatencyProbe.Result latency,
      LoadedModel model,
      Dataset dataset,
      Backend backend)
      throws IOException {
    ReportData d =
        new ReportData.Builder("Evaluation of " + checkpoint)
            .subtitle(model.info().model().name() + " on " + backend.describe())
            .metrics(e.metrics(), "%,d pictures".formatted(dataset.size()), model.info().classes())
            .mistakes(RunFinish.mistakes(e, dataset, model.info().classes()))
            .latency(
                List.of(
                    new ReportData.Latency(
                        backend.name() + ", " + precision, 1, latency.p50(), latency.p99())))
            .commands(List.of("engine eval --checkpoint " + checkpoint))
            .build();
    if (report.toAbsolutePath().getParent() == null) {
      throw new UserError(report + " is not a file name");
    }
    RunReport.write(d, report);
  }
}
