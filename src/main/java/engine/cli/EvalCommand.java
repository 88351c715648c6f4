package engine.cli;

import engine.backend.Backend;
import engine.base.Suggestion;
import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.console.Units;
import engine.data.ColourCheck;
import engine.data.Dataset;
import engine.data.ExcludedPictures;
import engine.data.ImageNetClasses;
import engine.data.PresentClasses;
import engine.data.Side;
import engine.data.loader.DataLoader;
import engine.eval.AnswerSink;
import engine.eval.Evaluation;
import engine.eval.EvaluationReport;
import engine.eval.Evaluator;
import engine.eval.VoteEvaluator;
import engine.infer.Ensemble;
import engine.infer.EvalData;
import engine.infer.LatencyProbe;
import engine.infer.LoadedModel;
import engine.infer.Views;
import engine.infer.Vote;
import engine.recipe.Precision;
import engine.report.Decoration;
import engine.report.ReportData;
import engine.report.RunReport;
import engine.run.ModelFile;
import engine.run.ModelInfo;
import engine.run.RunSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine eval}: how good a checkpoint is, and where it is wrong. */
@Command(
    name = "eval",
    description =
        "Evaluates a checkpoint, or the vote of several: accuracy, per-class figures, confusions, latency.",
    footer = {
      "",
      "Examples:",
      "  engine eval --checkpoint runs/demo-resnet50",
      "  engine eval --checkpoint runs/photos --data more-photos --report eval.html",
      "  engine eval --checkpoint runs/photos --data test.csv --out answers.csv",
      "  engine eval --checkpoint runs/a --checkpoint runs/b --vote hard",
      "  engine eval --model resnet50 --weights imagenet --data imagenette2/val"
    })
final class EvalCommand implements Callable<Integer> {
  @Mixin private CheckpointOptions checkpoints;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "As for train; its validation side, or all of what has no sides, less what the run was trained on (default: what the run held out).")
  private String data;

  @Option(
      names = "--split",
      paramLabel = "SIDE",
      description =
          "Which side of the data: val, train (which the run knows) or test (default val).")
  private String split;

  @Option(
      names = "--limit-val",
      paramLabel = "N",
      description = "Judge N pictures at most, of all classes (0: all; default: as in training).")
  private Integer limitVal;

  @Option(
      names = "--ignore-extra",
      description = "Leave out pictures of classes that the checkpoint does not know.")
  private boolean ignoreExtra;

  @Option(
      names = "--exclude",
      paramLabel = "FILE",
      description =
          "Leave out the pictures that a list names, as in train; those that the run was trained without are left out anyway.")
  private Path exclude;

  @Option(
      names = "--all-classes",
      description =
          "Let answers be any of ImageNet's classes where the pictures are of some (default: one of those).")
  private boolean allClasses;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Also write a row a picture, with its file, label, answer and probabilities: .csv, .tsv or .jsonl.")
  private Path out;

  @Option(
      names = "--top",
      paramLabel = "K",
      description =
          "In --out, the K most probable classes of each picture in place of all (default: all of up to 100, else 5).")
  private Integer top;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Side of the pictures as the network sees them (default: that of training).")
  private int imageSize;

  @Mixin private TtaOption tta;

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
    checkpoints.check(common);
    checkpoints.openGroups(data == null, common);
    if (imageSize != 0 && (imageSize < 8 || imageSize > 4096)) {
      throw common.wrong("--image-size must be between 8 and 4096, not " + imageSize);
    }
    if (report != null) {
      OutputFile.HTML.require(common, "--report", report);
    }
    if (limitVal != null && limitVal < 0) {
      throw common.wrong("--limit-val must be 0 or more, not " + limitVal);
    }
    checkOut();
    EvalData.Wanted wanted = new EvalData.Wanted(data, side(), limitVal, ignoreExtra);
    Vote vote = checkpoints.vote(common);
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    try (OpenDevice device = OpenDevice.of(common)) {
      Precision precision = common.precision(checkpoints.precision(), device.backend());
      List<ModelFile> files = checkpoints.read(common, data);
      Dataset found =
          EvalData.open(
              checkpoints.paths().getFirst(),
              wanted,
              files.getFirst().info(),
              terminal.out()::println);
      if (exclude != null) {
        String root = EvalData.root(checkpoints.paths().getFirst(), data);
        found = ExcludedPictures.read(exclude).from(found, root, terminal.out()::println);
      }
      PresentClasses present = allClasses ? null : present(files, found, terminal);
      if (present != null) {
        files = files.stream().map(f -> f.among(present.outputs())).toList();
      }
      try (Ensemble models = Ensemble.load(device.backend(), files, precision, imageSize, vote)) {
        common.notices(models.models());
        Dataset judged = present == null ? found : present.pictures();
        evaluate(terminal, models, judged, device.backend());
      }
    }
    return 0;
  }

  /**
   * Of a model of ImageNet's classes, those that the pictures are of, where they are fewer: as timm
   * judges on ImageNet-A and -R, an answer is one of those. Null for all.
   */
  private static PresentClasses present(List<ModelFile> files, Dataset data, Terminal terminal) {
    List<String> all = data.classNames();
    PresentClasses present = PresentClasses.of(data);
    int of = present.outputs().size();
    if (!ImageNetClasses.are(all)
        || !files.stream().allMatch(f -> f.info().classes().equals(all))
        || of == all.size()
        || of == 1) { // any answer would be right
      return null;
    }
    terminal
        .out()
        .println(
            "the pictures are of %d of the %,d classes: answers are among those; --all-classes lets them be any"
                .formatted(of, all.size()));
    return present;
  }

  private void evaluate(Terminal terminal, Ensemble models, Dataset dataset, Backend backend)
      throws IOException {
    ColourCheck.of(dataset, models.models().getFirst().info().model().inChannels())
        .ifPresent(terminal.out()::println);
    EvalData.warnOfOthers(
        checkpoints.paths().subList(1, checkpoints.paths().size()),
        dataset,
        terminal.out()::println);
    DataLoader.Config config =
        new DataLoader.Config(
            Math.min(checkpoints.fitting(models, common), dataset.size()),
            false,
            false,
            0,
            RunSetup.workers(),
            2,
            allowBadImages);
    VoteEvaluator.Result result = judge(terminal, models, dataset, config);
    EvalOutput.absentClasses(result, models.classes())
        .ifPresent(w -> common.err().println("engine: warning: " + w));
    List<String> names = checkpoints.paths().stream().map(Path::toString).toList();
    LatencyProbe.Result latency = EvaluationReport.latency(models.models(), dataset);
    if (common.json) {
      spec.commandLine()
          .getOut()
          .println(EvalOutput.json(result, latency, models.classes(), names));
    } else {
      EvalOutput.print(terminal, result, latency, models.classes(), names);
    }
    if (out != null) {
      terminal.out().println("answers: " + out);
    }
    if (report != null) {
      write(result, models, dataset, backend, new Decoration(terminal.out()::println));
      terminal.out().println("report: " + report);
    }
  }

  private Side side() {
    Side side = split == null ? null : Side.named(split);
    if (split != null && side == null) {
      throw common.wrong(
          "--split must be train, val or test, not '%s'%s"
              .formatted(split, Suggestion.hint(split, List.of("train", "val", "test"))));
    }
    return side;
  }

  private void checkOut() throws IOException {
    if (top != null && (out == null || top < 1)) {
      throw common.wrong(
          out == null ? "--top belongs to --out" : "--top must be at least 1, not " + top);
    }
    if (out != null) {
      OutputFile.requireOneOf(
          common, "--out", out, OutputFile.CSV, OutputFile.TSV, OutputFile.JSON_LINES);
      JudgedFile.requireOwn(out);
    }
  }

  /** Evaluates, and writes a file of the answers if one was asked for. */
  private VoteEvaluator.Result judge(
      Terminal terminal, Ensemble models, Dataset dataset, DataLoader.Config config)
      throws IOException {
    if (out == null) {
      return judge(terminal, models, dataset, config, AnswerSink.NONE);
    }
    VoteEvaluator.Result[] result = new VoteEvaluator.Result[1];
    JudgedFile.of(out, models.classes(), top, models.models().size())
        .write(
            dataset,
            rows -> {
              result[0] = judge(terminal, models, dataset, config, rows);
              return result[0].leftOut();
            });
    return result[0];
  }

  private VoteEvaluator.Result judge(
      Terminal terminal,
      Ensemble models,
      Dataset dataset,
      DataLoader.Config config,
      AnswerSink sink) {
    return tta.views() == Views.NONE && checkpoints.paths().size() == 1
        ? evaluate(terminal, models.models().getFirst(), dataset, config, sink)
        : evaluateVotes(terminal, models, dataset, config, sink);
  }

  private static VoteEvaluator.Result evaluate(
      Terminal terminal,
      LoadedModel model,
      Dataset dataset,
      DataLoader.Config config,
      AnswerSink sink) {
    try (DataLoader loader =
            new DataLoader(dataset, model.info().preprocessing().evalTransform(), config);
        ProgressBar bar = new ProgressBar(terminal, "evaluating", dataset.size(), "img")) {
      Evaluation e = Evaluator.run(model, loader, n -> bar.update(n, n), () -> false, sink);
      return VoteEvaluator.Result.of(e, loader.badImages().list());
    }
  }

  private VoteEvaluator.Result evaluateVotes(
      Terminal terminal,
      Ensemble models,
      Dataset dataset,
      DataLoader.Config config,
      AnswerSink sink) {
    int views = tta.views().of(models.models().getFirst().info().preprocessing()).size();
    long pictures = (long) dataset.size() * views * checkpoints.paths().size();
    try (ProgressBar bar = new ProgressBar(terminal, "evaluating", pictures, "img")) {
      return VoteEvaluator.run(models, dataset, tta.views(), config, n -> bar.update(n, n), sink);
    }
  }

  private void write(
      VoteEvaluator.Result result,
      Ensemble models,
      Dataset dataset,
      Backend backend,
      Decoration decoration)
      throws IOException {
    Evaluation e = result.evaluation();
    String of = Units.count(e.metrics().samples(), "picture");
    String paths =
        checkpoints.paths().stream().map(Path::toString).collect(Collectors.joining(", "));
    ModelInfo info = models.models().getFirst().info();
    String subtitle =
        "%s on %s (%s)".formatted(info.model().name(), backend.name(), backend.describe());
    if (checkpoints.paths().size() > 1) {
      subtitle +=
          "; "
              + EvalOutput.agreement(
                  checkpoints.paths().size(), result.agreement(), result.unanimous())
              + "; the maps of where a model looked are the first one's";
    }
    ReportData.Builder d =
        new ReportData.Builder("Evaluation of " + paths)
            .subtitle(subtitle)
            .commands(List.of("engine eval " + checkpoints.asOptions()));
    EvaluationReport.add(
        d,
        backend,
        new EvaluationReport.Subject(models.models(), e, dataset, of),
        checkpoints.precision(),
        decoration);
    RunReport.write(d.build(), report, decoration);
  }
}
