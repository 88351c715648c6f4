package engine.convert;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.eval.Evaluation;
import engine.eval.EvaluationReport;
import engine.eval.Evaluator;
import engine.infer.EvalData;
import engine.infer.LatencyProbe;
import engine.infer.LoadedModel;
import engine.model.Network;
import engine.picture.Normalization;
import engine.quant.Int8Conversion;
import engine.quant.Int8File;
import engine.quant.QuantizerSet;
import engine.recipe.Precision;
import engine.run.Checkpoint;
import engine.run.ModelInfo;
import engine.run.PictureList;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.QuantTraining;
import engine.train.RunFinish;
import engine.train.Trainer;
import engine.train.TrainerOptions;
import engine.weights.AtomicFiles;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Makes an int8 checkpoint of a trained one, by calibration or by training on. */
public final class Quantization {
  /** What to do about a layer that gives nothing but 0 after it was trained on. */
  private static final String IF_DEAD_NOW =
      "train on with a lower %s, take an earlier checkpoint, or calibrate it alone, without training on"
          .formatted(Setting.LR);

  /** Fewer pictures than this say too little about a range. */
  private static final int FEWEST_PICTURES = 16;

  private static final String CALIBRATED = "ptq";
  private static final String TRAINED = "qat";
  private static final String TUNED = "fp32-tuned";

  /** A model and where it was written. */
  public record Variant(
      String name, Path file, Evaluation evaluation, LatencyProbe.Result latency) {
    /** Bytes of the checkpoint. */
    public long bytes() throws IOException {
      return Files.size(file);
    }
  }

  /** What happens, for people. */
  public interface Listener {
    void phase(String what, long total);

    void progress(long done);

    /** A training begins; what it says goes there. */
    TrainingListener training(String what);
  }

  private final Backend backend;
  private final QuantizationJob job;
  private final Path checkpoint;
  private final SafeTensors.Contents contents;
  private final ModelInfo info;
  private final Datasets.Split data;
  private final Path out;
  private final boolean resuming;
  private final Listener listener;

  /**
   * @param data the recipe's
   * @param out folder that the checkpoints go to
   * @param resuming whether to go on from what is there
   */
  public Quantization(
      Backend backend,
      QuantizationJob job,
      Datasets.Split data,
      Path out,
      boolean resuming,
      Listener listener)
      throws IOException {
    this.backend = backend;
    this.job = job;
    this.checkpoint = Path.of(job.source().checkpoint());
    this.contents = SafeTensors.read(checkpoint);
    this.info = ModelInfo.fromMetadata(contents.metadata(), checkpoint.toString());
    this.data = data.withClasses(info.classes());
    this.out = out;
    this.resuming = resuming;
    this.listener = listener;
    if (contents.metadata().containsKey(Int8File.KEY)) {
      throw new UserError(checkpoint + " is quantised already: give the fp32 checkpoint");
    }
    if (this.data == null) {
      throw new UserError(
          "the checkpoint knows %s, and the data has %s: give data of the classes that it was trained for"
              .formatted(
                  EvalData.brief(info.classes()), EvalData.brief(data.train().classNames())));
    }
    try (Network network = network()) {
      Int8Conversion.requireForms(network.graph(backend, RangeCalibration.anyImage(network)));
    }
  }

  private Network network() {
    return LoadedModel.network(backend, info, contents.tensors(), checkpoint);
  }

  /** The checkpoint as it is. */
  public Variant original() throws IOException {
    return judged("fp32", checkpoint);
  }

  /**
   * By calibration alone. From then on the job can go on: the folder says what it is.
   *
   * @throws UserError if there are too few pictures, or a range is none
   */
  public Variant calibrated() throws IOException {
    if (resuming && Files.exists(file(CALIBRATED))) {
      return judged(CALIBRATED, file(CALIBRATED));
    }
    int n = Math.min(job.calibration().calibration(), data.train().size());
    if (n < FEWEST_PICTURES) {
      throw new UserError(
          "%s %s too few to calibrate on: give at least %d (%s, or more data)"
              .formatted(
                  Units.count(n, "picture"),
                  n == 1 ? "is" : "are",
                  FEWEST_PICTURES,
                  Setting.CALIBRATION));
    }
    Int8Graph graph;
    try (Network network = network();
        RangeCalibration calibration =
            new RangeCalibration(
                backend, network, job.calibration().percentile(), job.weightBits())) {
      see(calibration, n);
      graph = calibration.convert(ifDead(n));
    }
    if (!resuming) {
      clear();
    }
    // The job first: what follows it is found and mended by a second try.
    job.write(out);
    AtomicFiles.writeString(out.resolve("config.json"), job.recipe().toJson());
    Path run = EvalData.configOf(checkpoint);
    RunSetup.keepExcluded(job.recipe(), run == null ? null : run.getParent(), out);
    PictureList pictures = PictureList.of(job.recipe(), data);
    if (pictures != null) {
      pictures.write(out.resolve(PictureList.FILE));
    }
    return judged(CALIBRATED, write(CALIBRATED, graph));
  }

  /**
   * Which layers of the calibrated network compute in bytes, and which do not: lines for people.
   * Training on changes none of that.
   */
  public List<String> plan() throws IOException {
    SafeTensors.Contents c = SafeTensors.read(file(CALIBRATED));
    String where = file(CALIBRATED).toString();
    Int8Graph graph = Int8File.read(c.tensors(), c.metadata().get(Int8File.KEY), where);
    try (Network network = network()) {
      return Int8Plan.of(graph, image(network)).lines();
    }
  }

  /** What to do about a layer that was 0 on all {@code n} pictures. */
  private String ifDead(int n) {
    int all = data.train().size();
    return n < all
        ? "these were %,d of %,d training pictures, so calibrate with more (%s %d); where it is 0 on all, take an earlier checkpoint, or use this one in fp32"
            .formatted(n, all, Setting.CALIBRATION, all)
        : "these were all %,d training pictures, so more cannot help: take an earlier checkpoint, or use this one in fp32"
            .formatted(all);
  }

  /** What an earlier job left in the way of this one's trainings. */
  private void clear() throws IOException {
    for (String run : List.of(TUNED, TRAINED)) {
      Files.deleteIfExists(file(run));
      new RunFolder(out.resolve(run)).clear();
    }
  }

  private void see(RangeCalibration calibration, int n) {
    listener.phase("calibrating", n);
    DataLoader.Config config =
        new DataLoader.Config(
            Math.min(32, n), true, false, job.seed(), RunSetup.workers(), 2, false);
    Normalization norm = info.preprocessing().normalization();
    int done = 0;
    try (DataLoader loader =
            new DataLoader(data.train(), info.preprocessing().evalTransform(), config);
        Epoch batches = loader.epoch(0, 0)) {
      while (done < n && batches.hasNext()) {
        try (Batch b = batches.next()) {
          Shape shape = Shape.of(b.size(), b.channels(), b.height(), b.width());
          Tensor x = backend.memory().empty(DType.F32, shape);
          backend.memory().normalizePixelsInPlace(b.pixels(), norm, x);
          calibration.see(x);
          done += b.size();
        }
        listener.progress(Math.min(done, n));
      }
    }
  }

  /**
   * By training on with rounded layers.
   *
   * @param stop asked between steps: whether to save and end
   * @return null if it was asked to stop
   */
  public Variant trained(BooleanSupplier stop) throws IOException {
    var freezing = job.freezing();
    try (QuantizerSet set =
        new QuantizerSet(backend, QuantizerSet.Config.TRAINING, job.weightBits())) {
      return tuned(
          TRAINED,
          set,
          freezing,
          stop,
          network -> {
            set.round(false);
            return write(
                TRAINED,
                RangeCalibration.convert(backend, network, set, image(network), IF_DEAD_NOW));
          });
    }
  }

  /** The shape of a prepared picture; of any where pictures stay of the size that they are. */
  private Shape image(Network network) {
    int side = info.preprocessing().crop();
    return side == 0
        ? RangeCalibration.anyImage(network)
        : Shape.of(1, info.preprocessing().channels(), side, side);
  }

  /** In plain fp32 for as long: what the rounded training is to be compared with. */
  public Variant tunedInFp32(BooleanSupplier stop) throws IOException {
    return tuned(
        TUNED,
        null,
        QuantTraining.Freezing.NEVER,
        stop,
        network -> {
          SafeTensors.write(file(TUNED), network.stateDict(backend), info.toMetadata());
          return file(TUNED);
        });
  }

  /** Writes what became of a network; returns the file. */
  private interface Result {
    Path write(Network network) throws IOException;
  }

  private Variant tuned(
      String name,
      QuantizerSet set,
      QuantTraining.Freezing freezing,
      BooleanSupplier stop,
      Result result)
      throws IOException {
    RunFolder run = new RunFolder(out.resolve(name));
    TrainingListener said = listener.training(names(name));
    Path file;
    try (Trainer trainer =
        new Trainer(
            backend, job.tuning(), run, data, info, TrainerOptions.of(RunSetup.workers()), said)) {
      trainer.tune(new QuantTraining(set, freezing, contents.tensors(), job.recipe(), goesOn()));
      if (!trainer.train(resuming && run.isUsed(), stop)) {
        return null;
      }
      file = result.write(trainer.model());
    } finally {
      said.ended();
    }
    Variant v = judged(names(name), file, stop);
    if (v == null) {
      said.message("stopped before the evaluation: go on with " + goesOn());
      return null;
    }
    if (RunFinish.report(
        backend,
        run,
        job.tuning(),
        data,
        new RunFinish.Judged(v.evaluation(), file, "last epoch"),
        said)) {
      said.message("report: " + run.report());
    }
    return v;
  }

  private String goesOn() {
    return "engine quantize " + Setting.RESUME + " " + out;
  }

  private static String names(String folder) {
    return folder.equals(TUNED) ? "fp32 fine-tuned" : folder;
  }

  private Path write(String name, Int8Graph graph) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(info.toMetadata());
    metadata.put(Int8File.KEY, Int8File.describe(graph));
    metadata.put("quantized_by", name);
    SafeTensors.write(file(name), Int8File.tensors(graph), metadata);
    return file(name);
  }

  private Path file(String variant) {
    return file(out, variant);
  }

  private static Path file(Path out, String variant) {
    return out.resolve(variant).resolve(Checkpoint.MODEL);
  }

  /** Reads the file back, so that the figures are those of what was written. */
  private Variant judged(String name, Path file) throws IOException {
    return judged(name, file, () -> false);
  }

  /**
   * @return null if it was asked to stop
   */
  private Variant judged(String name, Path file, BooleanSupplier stop) throws IOException {
    listener.phase("evaluating " + name, data.val().size());
    DataLoader.Config config =
        new DataLoader.Config(32, false, false, 0, RunSetup.workers(), 2, false);
    try (LoadedModel m = LoadedModel.load(backend, file, Precision.FP32);
        DataLoader loader =
            new DataLoader(data.val(), info.preprocessing().evalTransform(), config)) {
      IntConsumer progress = listener::progress;
      Evaluation e = Evaluator.run(m, loader, progress, stop);
      return e == null
          ? null
          : new Variant(name, file, e, EvaluationReport.latency(List.of(m), data.val()));
    }
  }

  /**
   * The files that will be written.
   *
   * @param training whether by training on, too
   */
  public static List<Path> outputs(Path out, boolean training) {
    return (training ? List.of(CALIBRATED, TRAINED, TUNED) : List.of(CALIBRATED))
        .stream().map(v -> file(out, v)).toList();
  }
}
