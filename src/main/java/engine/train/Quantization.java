package engine.train;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.base.UserError;
import engine.data.Batch;
import engine.data.DataLoader;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.Epoch;
import engine.data.transform.Normalization;
import engine.model.Network;
import engine.quant.Int8Conversion;
import engine.quant.Int8File;
import engine.quant.QuantizerSet;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/** Makes an int8 checkpoint of a trained one, by calibration or by training on. */
public final class Quantization {
  /** Fewer pictures than this say too little about a range. */
  private static final int FEWEST_PICTURES = 16;

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
  }

  private final Backend backend;
  private final Path checkpoint;
  private final ModelInfo info;
  private final Recipe recipe;
  private final Datasets.Split data;
  private final Path out;
  private final Listener listener;

  /**
   * @param checkpoint of a trained fp32 model
   * @param recipe how to train on; its data, batch and epochs
   * @param out folder that the checkpoints go to
   */
  public Quantization(
      Backend backend,
      Path checkpoint,
      Recipe recipe,
      Datasets.Split data,
      Path out,
      Listener listener)
      throws IOException {
    this.backend = backend;
    this.checkpoint = LoadedModel.find(checkpoint);
    this.recipe = recipe;
    this.data = data;
    this.out = out;
    this.listener = listener;
    SafeTensors.Contents c = SafeTensors.read(this.checkpoint);
    info = ModelInfo.fromMetadata(c.metadata(), this.checkpoint.toString());
    if (c.metadata().containsKey(Int8File.KEY)) {
      throw new UserError(checkpoint + " is quantised already: give the fp32 checkpoint");
    }
    if (!data.train().classNames().equals(info.classes())) {
      throw new UserError(
          "the checkpoint and the data have different classes: give the data it was trained for");
    }
  }

  private Network model() throws IOException {
    Network m = info.model().create(backend, new SplittableRandom(0));
    m.loadStateDict(backend, SafeTensors.read(checkpoint).tensors());
    return m;
  }

  /** The checkpoint as it is. */
  public Variant original() throws IOException {
    return judged("fp32", checkpoint);
  }

  /**
   * By calibration alone.
   *
   * @param pictures to look at
   * @param percentile of each activation that is kept
   */
  public Variant calibrated(int pictures, double percentile) throws IOException {
    int n = Math.min(pictures, data.train().size());
    if (n < FEWEST_PICTURES) {
      throw new UserError(
          "%d pictures are too few to calibrate on: give at least %d (--calibration, or more data)"
              .formatted(n, FEWEST_PICTURES));
    }
    try (Network model = model();
        QuantizerSet set = new QuantizerSet(backend, new QuantizerSet.Config(0, percentile))) {
      set.round(false);
      model.quantize(set);
      Shape shape = calibrate(model, n);
      set.observe(false);
      set.check();
      return int8("ptq", model, set, shape);
    }
  }

  private Shape calibrate(Network model, int n) {
    listener.phase("calibrating", n);
    DataLoader.Config config =
        new DataLoader.Config(
            Math.min(32, n), true, false, recipe.seed(), RunSetup.workers(), 2, false);
    Normalization norm = info.preprocessing().normalization();
    Shape shape = null;
    int done = 0;
    try (DataLoader loader =
            new DataLoader(data.train(), info.preprocessing().evalTransform(), config);
        Epoch batches = loader.epoch(0, 0)) {
      while (done < n && batches.hasNext()) {
        try (Batch b = batches.next();
            Tape tape = Tape.inference(backend)) {
          shape = Shape.of(b.size(), b.channels(), b.height(), b.width());
          Tensor x = backend.memory().empty(DType.F32, shape);
          backend.memory().normalizePixelsInPlace(b.pixels(), norm.mean(), norm.std(), x);
          Variable in = tape.constant(x);
          model.forward(tape, in);
          done += b.size();
        }
        listener.progress(Math.min(done, n));
      }
    }
    return shape;
  }

  /**
   * By training on with rounded layers.
   *
   * @param freezeNorms epoch, from 0, from which norms' statistics stay
   * @param freezeObservers epoch from which ranges stay
   */
  public Variant trained(int freezeNorms, int freezeObservers) throws IOException {
    try (Network model = model();
        QuantizerSet set = new QuantizerSet(backend, QuantizerSet.Config.TRAINING)) {
      tune(model, set, new QuantTraining.Freezing(freezeNorms, freezeObservers), "qat");
      set.observe(false);
      set.check();
      set.round(false);
      return int8("qat", model, set, Shape.of(1, info.model().inChannels(), side(), side()));
    }
  }

  /** In plain fp32 for as long: what the rounded training is to be compared with. */
  public Variant tunedInFp32() throws IOException {
    try (Network model = model()) {
      tune(model, null, new QuantTraining.Freezing(Integer.MAX_VALUE, Integer.MAX_VALUE), "fp32");
      Path file = file("fp32-tuned");
      SafeTensors.write(file, model.stateDict(backend), info.toMetadata());
      return judged("fp32 fine-tuned", file);
    }
  }

  private void tune(Network model, QuantizerSet set, QuantTraining.Freezing freezing, String what) {
    QuantTraining tuning =
        new QuantTraining(backend, recipe, info, data.train(), RunSetup.workers());
    long perEpoch = Math.ceilDiv(data.train().size(), recipe.batch());
    listener.phase("training " + what, perEpoch * recipe.epochs());
    tuning.run(
        model,
        set,
        freezing,
        (epoch, done, of, loss) -> listener.progress((long) (epoch - 1) * of + done));
  }

  private Variant int8(String name, Network model, QuantizerSet set, Shape shape)
      throws IOException {
    Int8Graph graph =
        Int8Conversion.convert(model.graph(backend, shape), set, backend.quantizers().weightBits());
    Map<String, String> metadata = new LinkedHashMap<>(info.toMetadata());
    metadata.put(Int8File.KEY, Int8File.describe(graph));
    metadata.put("quantized_by", name);
    Path file = file(name);
    SafeTensors.write(file, Int8File.tensors(graph), metadata);
    return judged(name, file);
  }

  private Path file(String variant) {
    return out.resolve(variant).resolve(Checkpoint.MODEL);
  }

  private int side() throws IOException {
    int crop = info.preprocessing().crop();
    Dataset d = data.val();
    return crop > 0 ? crop : info.preprocessing().evalTransform().apply(d.load(0), null).width();
  }

  private Variant judged(String name, Path file) throws IOException {
    listener.phase("evaluating " + name, data.val().size());
    DataLoader.Config config =
        new DataLoader.Config(32, false, false, 0, RunSetup.workers(), 2, false);
    try (LoadedModel m = LoadedModel.load(backend, file, Precision.FP32);
        DataLoader loader =
            new DataLoader(data.val(), info.preprocessing().evalTransform(), config)) {
      IntConsumer progress = listener::progress;
      Evaluation e = Evaluator.run(m, loader, progress);
      return new Variant(name, file, e, LatencyProbe.measure(m, 1, side(), 50));
    }
  }

  /** The files that {@code mode} would write. */
  public static List<Path> outputs(Path out, boolean training) {
    List<Path> files = new ArrayList<>(List.of(out.resolve("ptq").resolve(Checkpoint.MODEL)));
    if (training) {
      files.add(out.resolve("qat").resolve(Checkpoint.MODEL));
      files.add(out.resolve("fp32-tuned").resolve(Checkpoint.MODEL));
    }
    return files;
  }
}
