package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.base.UserError;
import engine.data.Datasets;
import engine.report.console.ProgressBar;
import engine.report.console.Table;
import engine.report.console.Terminal;
import engine.report.console.Units;
import engine.train.EvalData;
import engine.train.Quantization;
import engine.train.Quantization.Variant;
import engine.train.Recipe;
import engine.train.RunFolder;
import engine.train.RunSetup;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
      "  engine eval --checkpoint runs/photos-int8/qat",
      "",
      "qat also trains the fp32 model for as long, so that the table compares like with like."
    })
final class QuantizeCommand implements Callable<Integer> {
  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "PATH",
      description = "A run folder, a checkpoint folder or a model.safetensors, in fp32.")
  private Path checkpoint;

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
      description = "Epoch, from 1, from which ranges stay (default: as --freeze-norms).")
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

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!mode.equals("ptq") && !mode.equals("qat")) {
      throw common.wrong("--mode must be ptq or qat, not '" + mode + "'");
    }
    if (calibration < 1) {
      throw common.wrong("--calibration must be at least 1, not " + calibration);
    }
    if (!(percentile > 50 && percentile <= 100)) {
      throw common.wrong("--percentile must be above 50 and at most 100, not " + percentile);
    }
    Recipe recipe = recipe();
    if (out != null || force) {
      return quantize(recipe, out != null ? out : defaultFolder());
    }
    RunFolder claimed = RunFolder.claim(defaultFolder());
    try {
      return quantize(recipe, claimed.root());
    } finally {
      claimed.release();
    }
  }

  private int quantize(Recipe recipe, Path folder) throws IOException {
    boolean training = mode.equals("qat");
    for (Path p : Quantization.outputs(folder, training)) {
      if (Files.exists(p) && !force) {
        throw new UserError(p + " exists already: give another --out, or --force to overwrite it");
      }
    }
    // The pictures that the run held out depend on its seed; the order of training on ours.
    Datasets.Split split = RunSetup.open(recipe, m -> common.err().println("engine: " + m));
    Recipe tuning = recipe.with(Map.of("seed", common.seed));
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    List<Variant> variants = new ArrayList<>();
    try (OpenDevice device = OpenDevice.of(common);
        Bars bars = new Bars(terminal)) {
      Backend backend = device.backend();
      Quantization q = new Quantization(backend, checkpoint, tuning, split, folder, bars);
      variants.add(q.original());
      variants.add(q.calibrated(calibration, percentile));
      AtomicFiles.writeString(folder.resolve("config.json"), recipe.toJson());
      if (training) {
        variants.add(q.tunedInFp32());
        int norms = freezeNorms != null ? freezeNorms : Integer.MAX_VALUE;
        variants.add(q.trained(norms - 1, (freezeObservers != null ? freezeObservers : norms) - 1));
      }
    }
    print(terminal, variants, split.val().size());
    return 0;
  }

  /** One bar after another. */
  private static final class Bars implements Quantization.Listener, AutoCloseable {
    private final Terminal terminal;
    private ProgressBar bar;

    Bars(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void phase(String what, long total) {
      close();
      bar = new ProgressBar(terminal, what, total, what.startsWith("training") ? "batches" : "img");
    }

    @Override
    public void progress(long done) {
      bar.update(done, done);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }

  private Path defaultFolder() {
    Path run = checkpoint.toAbsolutePath().normalize();
    Path config = EvalData.configOf(checkpoint);
    if (config != null) {
      run = config.getParent();
    }
    return run.resolveSibling(run.getFileName() + "-int8");
  }

  /** The run's recipe with what was asked for changed. */
  private Recipe recipe() throws IOException {
    Path config = EvalData.configOf(checkpoint);
    if (config == null) {
      throw new UserError(
          "there is no config.json beside or above "
              + checkpoint
              + ": give the folder of the run that trained it");
    }
    Recipe r = Recipe.read(config);
    Map<String, Object> changes = new LinkedHashMap<>();
    if (data != null) {
      changes.put("data", RunSetup.absolute(data));
    }
    changes.put("epochs", epochs);
    changes.put("lr", lr != null ? lr : r.lr() / 10);
    changes.put("scheduler", "cosine");
    changes.put("precision", "fp32");
    changes.put("accumulate", 1);
    put(changes, "batch", batch);
    put(changes, "limitTrain", limitTrain);
    put(changes, "limitVal", limitVal);
    return common.checked(() -> r.with(changes));
  }

  private static void put(Map<String, Object> changes, String name, Object value) {
    if (value != null) {
      changes.put(name, value);
    }
  }

  private void print(Terminal t, List<Variant> variants, int pictures) throws IOException {
    Table table =
        new Table(
            "variant", ">accuracy", ">macro-F1", ">size", ">of fp32", ">latency p50", "checkpoint");
    double fp32 = variants.getFirst().bytes();
    for (Variant v : variants) {
      if (common.json) {
        JsonObject o = new JsonObject();
        o.addProperty("variant", v.name());
        o.addProperty("accuracy", v.evaluation().metrics().accuracy());
        o.addProperty("f1_macro", v.evaluation().metrics().macro().f1());
        o.addProperty("bytes", v.bytes());
        o.addProperty("latency_p50_ms", v.latency().p50());
        o.addProperty("checkpoint", v.file().toString());
        spec.commandLine().getOut().println(o);
      }
      table.row(
          v.name(),
          Units.percent(v.evaluation().metrics().accuracy()),
          "%.4f".formatted(v.evaluation().metrics().macro().f1()),
          Units.bytes(v.bytes()),
          "%.3f".formatted(v.bytes() / fp32),
          "%.2f ms".formatted(v.latency().p50()),
          v.file());
    }
    if (!common.json) {
      table.print(t);
      t.out().println("on %,d pictures".formatted(pictures));
    }
  }
}
