package engine.cli;

import engine.backend.Backend;
import engine.data.DataLoader;
import engine.data.Dataset;
import engine.data.transform.Transform;
import engine.report.ReportData;
import engine.report.RunReport;
import engine.report.console.ProgressBar;
import engine.report.console.Terminal;
import engine.train.EvalData;
import engine.train.Evaluation;
import engine.train.EvaluationReport;
import engine.train.Evaluator;
import engine.train.LatencyProbe;
import engine.train.LoadedModel;
import engine.train.Precision;
import engine.train.RunSetup;
import engine.train.Views;
import engine.train.ViewsEvaluator;
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
      description =
          "fp32, amp (the half precision that suits the device), bf16 or fp16 (default fp32).")
  private String precision;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Side of the pictures as the network sees them (default: that of training).")
  private int imageSize;

  @Option(
      names = "--tta",
      paramLabel = "VIEWS",
      defaultValue = "none",
      description =
          "Average the answers over views of a picture: none, flip, five (crops) or ten (default none).")
  private Views tta;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write an HTML report, and beside it the same as .json and .png.")
  private Path report;

  @Option(names = "--allow-bad-images", description = "Go on however many pictures cannot be read.")
  private boolean allowBadImages;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    common.check(() -> Precision.check(precision));
    if (batch < 1) {
      throw common.wrong("--batch must be at least 1, not " + batch);
    }
    if (imageSize != 0 && (imageSize < 8 || imageSize > 4096)) {
      throw common.wrong("--image-size must be between 8 and 4096, not " + imageSize);
    }
    if (report != null && report.getFileName() == null) {
      throw common.wrong("--report " + report + " is not a file name");
    }
    try (OpenDevice device = OpenDevice.of(common);
        LoadedModel model =
            LoadedModel.load(
                device.backend(),
                checkpoint,
                common.precision(precision, device.backend()),
                imageSize)) {
      Dataset dataset = EvalData.open(checkpoint, data, model.info());
      DataLoader.Config config =
          new DataLoader.Config(batch, false, false, 0, RunSetup.workers(), 2, allowBadImages);
      Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
      try (DataLoader loader =
          new DataLoader(dataset, model.info().preprocessing().evalTransform(), config)) {
        Evaluation e =
            tta == Views.NONE
                ? evaluate(terminal, model, loader)
                : evaluateViews(terminal, model, dataset, config);
        LatencyProbe.Result latency = EvaluationReport.latency(model, dataset);
        if (common.json) {
          spec.commandLine().getOut().println(EvalOutput.json(e, latency, loader));
        } else {
          EvalOutput.print(terminal, e, latency, model, loader);
        }
        if (report != null) {
          write(e, model, dataset, device.backend());
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

  private Evaluation evaluateViews(
      Terminal terminal, LoadedModel model, Dataset dataset, DataLoader.Config config) {
    List<Transform> views = tta.of(model.info().preprocessing());
    int pictures = Math.multiplyExact(dataset.size(), views.size());
    try (ProgressBar bar = new ProgressBar(terminal, "evaluating", pictures, "img")) {
      return ViewsEvaluator.run(model, dataset, views, config, n -> bar.update(n, n));
    }
  }

  private void write(Evaluation e, LoadedModel model, Dataset dataset, Backend backend)
      throws IOException {
    String of = "%,d pictures".formatted(e.metrics().samples());
    ReportData.Builder d =
        new ReportData.Builder("Evaluation of " + checkpoint)
            .subtitle(model.info().model().name() + " on " + backend.describe())
            .commands(List.of("engine eval --checkpoint " + checkpoint));
    EvaluationReport.add(d, backend, model, e, dataset, of, precision);
    RunReport.write(d.build(), report);
  }
}
