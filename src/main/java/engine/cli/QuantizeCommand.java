package engine.cli;

import engine.backend.Backend;
import engine.base.StopRequest;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.console.Terminal;
import engine.console.Units;
import engine.convert.Quantization;
import engine.convert.Quantization.Variant;
import engine.convert.QuantizationJob;
import engine.data.Datasets;
import engine.infer.EvalData;
import engine.infer.LoadedModel;
import engine.recipe.Recipe;
import engine.run.ModelFile;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.train.QuantTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine quantize}: an int8 checkpoint of a trained one. */
@Command(
    name = "quantize",
    description = "Makes an int8 checkpoint, by calibration or by quantisation-aware training.",
    footer = {
      "",
      "Examples:",
      "  engine quantize --checkpoint runs/photos --mode ptq",
      "  engine quantize --checkpoint runs/photos --mode qat --epochs 3",
      "  engine quantize --resume runs/photos-int8",
      "  engine eval --checkpoint runs/photos-int8/qat",
      "",
      "qat also trains the fp32 model for as long, so that the table compares like with like. Both are",
      "runs as those of train: with checkpoints, metrics.jsonl, TensorBoard events and a report."
    })
final class QuantizeCommand implements Callable<Integer> {
  private static final Set<String> ALLOWED_ON_RESUME =
      Set.of(
          "--resume",
          "--checkpoint",
          "--data",
          "--device",
          "--threads",
          "--pin-threads",
          "--json",
          "--debug");

  private static final List<String> MODES = List.of("ptq", "qat");

  /** How long Ctrl-C waits for the step under way. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Option(
      names = "--checkpoint",
      paramLabel = "PATH",
      description =
          "A run folder, a checkpoint folder or a model.safetensors, in fp32, or weights of torchvision or timm, with --data.")
  private Path checkpoint;

  @Mixin private ModelFileOptions told;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "As for train (default: what the run was trained on).")
  private String data;

  @Option(
      names = "--mode",
      paramLabel = "NAME",
      defaultValue = "ptq",
      description =
          "ptq: calibrate on a few pictures; qat: train on with rounded layers (default ptq).")
  private String mode;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description =
          "Where the checkpoints go (default: a new folder, the run's name with -int8; with --force that one).")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Go on with a quantize that was stopped or killed, whose --out was DIR; --data and --checkpoint only if they have moved.")
  private Path resume;

  @Option(
      names = "--calibration",
      paramLabel = "N",
      defaultValue = "512",
      description = "Pictures to calibrate on (default 512).")
  private int calibration;

  @Option(
      names = "--percentile",
      paramLabel = "P",
      defaultValue = "99.999",
      description =
          "Share of each activation's values that its range keeps in calibration; 100 for minimum and maximum (default 99.999).")
  private double percentile;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Epochs of qat (default 3).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Pictures a step (default: the run's).")
  private Integer batch;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description =
          "Learning rate of qat, falling to 0 by a cosine (default: a tenth of the run's).")
  private Double lr;

  @Option(
      names = "--freeze-norms",
      paramLabel = "EPOCH",
      description =
          "Epoch, from 1, from which norms keep their statistics (default: never, which is best for few epochs).")
  private Integer freezeNorms;

  @Option(
      names = "--freeze-observers",
      paramLabel = "EPOCH",
      description = "Epoch, from 2, from which ranges stay (default: as --freeze-norms).")
  private Integer freezeObservers;

  @Option(
      names = "--limit-train",
      paramLabel = "N",
      description = "Train on N pictures only, for a quick look.")
  private Integer limitTrain;

  @Option(names = "--limit-val", paramLabel = "N", description = "Validate on N pictures only.")
  private Integer limitVal;

  @Option(names = "--force", description = "Overwrite existing checkpoints.")
  private boolean force;

  private ModelFile file;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!mode.equals("ptq") && !mode.equals("qat")) {
      throw common.wrong(
          "--mode must be ptq or qat, not '" + mode + "'" + Suggestion.hint(mode, MODES));
    }
    if (calibration < 1) {
      throw common.wrong("--calibration must be at least 1, not " + calibration);
    }
    if (!(percentile > 50 && percentile <= 100)) {
      throw common.wrong("--percentile must be above 50 and at most 100, not " + percentile);
    }
    if (freezeNorms != null && freezeNorms < 1) {
      throw common.wrong("--freeze-norms must be at least 1, not " + freezeNorms);
    }
    if (freezeObservers != null && freezeObservers < 2) {
      throw common.wrong(
          "--freeze-observers must be at least 2, since the first epoch finds the ranges, not "
              + freezeObservers);
    }
    if (resume != null) {
      refuseOthers();
      Path folder = QuantizationJob.folderOf(resume);
      if (folder == null) {
        throw new UserError(
            "there is no quantisation in "
                + resume
                + " to go on with: give the --out of engine quantize, or begin anew with --checkpoint");
      }
      return quantize(resumed(QuantizationJob.read(folder), folder), null, folder);
    }
    told.check(common);
    checkpoint = told.one(checkpoint, common);
    file = ModelFile.read(checkpoint, told.said());
    file.notes().forEach(n -> common.err().println("engine: " + n));
    Recipe recipe = recipe();
    if (out != null || force) {
      return quantize(null, recipe, out != null ? out : defaultFolder());
    }
    RunFolder claimed = RunFolder.claim(defaultFolder());
    try {
      return quantize(null, recipe, claimed.root());
    } finally {
      claimed.release();
    }
  }

  private static String exists(Path p, Path folder) {
    return p
        + " exists already: give another --out, or --force to overwrite it"
        + (QuantizationJob.folderOf(folder) == folder ? ", or go on with --resume " + folder : "");
  }

  private void requireRoom(Path folder) {
    new RunFolder(folder).requireWritable();
    for (Path p : Quantization.outputs(folder, mode.equals("qat"))) {
      if (Files.exists(p) && !force) {
        throw new UserError(exists(p, folder));
      }
    }
    if (!force && QuantizationJob.folderOf(folder) == folder) {
      throw new UserError(exists(folder, folder));
    }
  }

  /**
   * @param saved what to go on with, or null to begin
   * @param begun what to begin with
   */
  private int quantize(QuantizationJob saved, Recipe begun, Path folder) throws IOException {
    if (saved == null) {
      requireRoom(folder);
    }
    Recipe recipe = saved != null ? saved.recipe() : begun;
    // The pictures that the run held out depend on its seed; the order of training on ours.
    Path config = saved != null ? null : config();
    Path run = saved != null ? folder : config == null ? null : config.getParent();
    Datasets.Split split =
        RunSetup.openAsIn(run, recipe, m -> common.err().println("engine: " + m));
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    List<Variant> variants = new ArrayList<>();
    List<String> plan;
    try (OpenDevice device =
            OpenDevice.of(common, recipe.compute().device(), recipe.compute().threads());
        QuantizationProgress bars = new QuantizationProgress(terminal, common.debug)) {
      QuantizationJob job =
          saved != null ? saved : job(recipe, device.backend(), source(device, split, folder));
      Quantization q = new Quantization(device.backend(), job, split, folder, saved != null, bars);
      variants.add(q.original());
      variants.add(q.calibrated());
      plan = q.plan();
      if (job.training()) {
        try (StopRequest stop = new StopRequest(PATIENCE, bars::stopping)) {
          Variant tuned = q.tunedInFp32(stop::isRequested);
          Variant trained = tuned == null ? null : q.trained(stop::isRequested);
          if (trained == null) {
            return Errors.FAILED;
          }
          variants.addAll(List.of(tuned, trained));
        }
      }
    }
    QuantizationTable.print(
        terminal, common.json ? spec.commandLine().getOut() : null, variants, split.val().size());
    if (!common.json) {
      plan.forEach(terminal.out()::println);
    }
    return 0;
  }

  /** Of the run that the checkpoint is of; null if it is of none. */
  private Path config() {
    return file.foreign() != null ? null : EvalData.configOf(checkpoint);
  }

  private Path source(OpenDevice device, Datasets.Split split, Path folder) throws IOException {
    return new RunlessCheckpoint(file).written(device.backend(), split, folder);
  }

  private QuantizationJob job(Recipe recipe, Backend backend, Path source) throws IOException {
    int norms = freezeNorms != null ? freezeNorms : Integer.MAX_VALUE;
    int observers = freezeObservers != null ? freezeObservers : Math.max(2, norms);
    return new QuantizationJob(
        QuantizationJob.Source.of(source),
        mode.equals("qat"),
        new QuantizationJob.Calibration(calibration, percentile),
        backend.quantizers().weightBits(),
        new QuantTraining.Freezing(norms - 1, observers - 1),
        common.seed,
        recipe);
  }

  private void refuseOthers() {
    for (OptionSpec o : spec.commandLine().getParseResult().matchedOptions()) {
      if (!ALLOWED_ON_RESUME.contains(o.longestName())) {
        throw common.wrong(
            o.longestName()
                + " cannot change in a resumed quantisation, which goes on as it was begun");
      }
    }
  }

  /** What was begun, with what has moved since. */
  private QuantizationJob resumed(QuantizationJob job, Path folder) throws IOException {
    Recipe r = job.recipe();
    if (data != null) {
      r = r.withData(RunSetup.absolute(data));
    } else if (Datasets.isOwn(r.data().source()) && !Files.exists(Path.of(r.data().source()))) {
      throw new UserError(
          "the pictures are gone from %s: put them back, or say where they are now with --resume %s --data DIR"
              .formatted(r.data().source(), folder));
    }
    if (isGiven("--device")) {
      r = r.with(r.compute().withDevice(common.device()));
    }
    if (isGiven("--threads") && common.threads() != r.compute().threads()) {
      common
          .err()
          .printf(
              "engine: warning: with %s instead of %d sums are rounded in another order, so the result will not be the same to the last bit%n",
              Units.count(common.threads(), "thread"), r.compute().threads());
      r = r.with(r.compute().withThreads(common.threads()));
    }
    Path file =
        checkpoint != null ? LoadedModel.find(checkpoint) : Path.of(job.source().checkpoint());
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "the checkpoint is gone from %s: put it back, or say where it is now with --resume %s --checkpoint FILE"
              .formatted(file, folder));
    }
    if (!QuantizationJob.crcOf(file).equals(job.source().checkpointCrc())) {
      throw new UserError(
          file
              + " is not what this quantisation was begun with: quantise it with another --out, or give the old file with --checkpoint");
    }
    return job.moved(file.toAbsolutePath().normalize().toString(), r);
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Path defaultFolder() {
    Path run = checkpoint.toAbsolutePath().normalize();
    Path config = config();
    if (config != null) {
      run = config.getParent();
    }
    return run.resolveSibling(run.getFileName() + "-int8");
  }

  /** The run's recipe with what was asked for changed. */
  private Recipe recipe() throws IOException {
    Path config = config();
    if (config == null && data == null) {
      throw new UserError(
          "no run folder holds %s, so its pictures are not known: name some like those it was trained on with --data"
              .formatted(checkpoint));
    }
    Recipe r = config == null ? new RunlessCheckpoint(file).recipe(data) : Recipe.read(config);
    int threads =
        common.threads() > 0 ? common.threads() : Runtime.getRuntime().availableProcessors();
    return common.checked(
        () ->
            r.with(
                    r.data()
                        .withSource(data != null ? RunSetup.absolute(data) : r.data().source())
                        .withLimits(
                            limitTrain != null ? limitTrain : r.data().limitTrain(),
                            limitVal != null ? limitVal : r.data().limitVal()))
                .with(r.optim().withLr(lr != null ? lr : r.optim().lr() / 10))
                .with(
                    r.schedule()
                        .withEpochs(epochs)
                        .withScheduler("cosine")
                        .withAccumulate(1)
                        .withBatch(batch != null ? batch : r.schedule().batch()))
                .with(
                    r.compute()
                        .withPrecision("fp32")
                        .withDevice(common.device())
                        .withThreads(threads)));
  }
}
