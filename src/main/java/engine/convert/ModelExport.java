package engine.convert;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.base.Setting;
import engine.base.UserError;
import engine.data.image.PixelImage;
import engine.data.transform.Interpolation;
import engine.data.transform.TransformSpec;
import engine.data.transform.Transforms;
import engine.infer.EvalData;
import engine.infer.FloatModel;
import engine.infer.Int8Model;
import engine.infer.LoadedModel;
import engine.metrics.Logits;
import engine.onnx.ByteCheck;
import engine.onnx.OnnxExport;
import engine.onnx.OnnxModel;
import engine.onnx.Preprocessing;
import engine.quant.QuantParams;
import engine.quant.QuantSpec;
import engine.recipe.Recipe;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Exports a checkpoint to ONNX and compares what was written with the engine's own answers. */
public final class ModelExport {
  private static final double FLOAT_TOLERANCE = 1e-4;
  private static final int SAMPLES = 2;

  private final Backend backend;
  private final LoadedModel model;
  private final OnnxExport.Options options;

  /**
   * @param options whose preprocessing comes from {@link #preprocessing}
   */
  public ModelExport(Backend backend, LoadedModel model, OnnxExport.Options options) {
    this.backend = backend;
    this.model = model;
    this.options = options;
  }

  /** A checkpoint's preprocessing in ONNX's words. */
  public static Preprocessing preprocessing(TransformSpec t) {
    if (t.interpolation() != Interpolation.BILINEAR && t.interpolation() != Interpolation.BICUBIC) {
      throw new UserError(
          "ONNX has no "
              + t.interpolation()
              + " resize as Pillow does it: export without "
              + Setting.WITH_PREPROCESSING);
    }
    return new Preprocessing(
        t.pad(),
        t.resize(),
        t.crop(),
        t.interpolation() == Interpolation.BICUBIC,
        t.mean(),
        t.std());
  }

  /**
   * How far the file's answers were from the engine's, as a share of the largest.
   *
   * @param byLayer whether each of its layers was given the engine's bytes, to a step of which its
   *     result came
   */
  public record Result(List<Path> files, double worst, int samples, boolean byLayer) {}

  /**
   * @param producerVersion of this program
   * @throws UserError if the file gives other answers; nothing is left of it then
   */
  public Result write(Path file, Path checkpoint, String producerVersion, boolean force)
      throws IOException {
    OnnxExport.requireFree(file, force);
    var producer = new OnnxExport.Producer("engine", producerVersion);
    Map<String, String> metadata = metadata(checkpoint);
    OnnxModel m =
        switch (model) {
          case FloatModel f ->
              OnnxExport.of(f.network().graph(backend, batchShape(1)), options, producer, metadata);
          case Int8Model q -> OnnxExport.of(q.graph(), options, producer, metadata);
        };
    double[] worst = {0};
    List<Path> files =
        OnnxExport.write(file, m, options.external(), force, read -> worst[0] = compare(read));
    return new Result(files, worst[0], SAMPLES, model instanceof Int8Model);
  }

  private Map<String, String> metadata(Path checkpoint) throws IOException {
    Map<String, String> m = new LinkedHashMap<>(model.info().toMetadata());
    m.remove("format");
    m.put("mean", Arrays.toString(model.info().preprocessing().mean()));
    m.put("std", Arrays.toString(model.info().preprocessing().std()));
    Path config = EvalData.configOf(checkpoint);
    if (config != null) {
      try {
        m.put("training", Recipe.read(config).toPublicJson());
      } catch (UserError e) {
        // The model does not need it, and what cannot be read cannot be freed of private names.
      }
    }
    return m;
  }

  private Shape batchShape(int n) {
    int side = 64;
    int h = options.size().height() > 0 ? options.size().height() : side;
    int w = options.size().width() > 0 ? options.size().width() : side;
    return Shape.of(n, model.info().preprocessing().channels(), h, w);
  }

  private double compare(OnnxModel read) {
    double worst = 0;
    for (int i = 0; i < SAMPLES; i++) {
      worst = Math.max(worst, options.preprocessing() == null ? images(read, i) : pixels(read, i));
    }
    if (Double.isNaN(worst)) {
      throw new UserError(
          "the model gives no finite numbers, so its export was not kept: choose a checkpoint from before its training diverged");
    }
    if (!(worst <= FLOAT_TOLERANCE)) {
      throw new UserError(
          "the exported graph gives other answers than the engine (off by %.2g of the largest, allowed is %.2g), so it was not kept"
              .formatted(worst, FLOAT_TOLERANCE));
    }
    return worst;
  }

  /** Smooth shapes and some noise, normalised; a batch of {@code sample + 1}. */
  private double images(OnnxModel read, int sample) {
    Shape shape = batchShape(sample + 1);
    SplittableRandom r = new SplittableRandom(sample);
    float[] x = new float[(int) shape.elements()];
    double fx = 0.02 + 0.1 * r.nextDouble();
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (Math.sin(fx * i) + 0.5 * r.nextGaussian());
    }
    HostTensor in = HostTensor.of(x, shape.dims());
    HostTensor want = model.logits(backend.memory().upload(in));
    HostTensor got =
        model instanceof Int8Model q
            ? byLayer(q, read, in, in, network -> run(network, in))
            : OnnxExport.run(backend, read, in, null);
    return difference(want, got);
  }

  private double pixels(OnnxModel read, int sample) {
    int channels = model.info().preprocessing().channels();
    int h = 150 + 100 * sample;
    int w = 200 - 30 * sample;
    if (model.info().preprocessing().crop() == 0 && model.info().preprocessing().resize() == 0) {
      h = w = 28 + 4 * sample;
    }
    SplittableRandom r = new SplittableRandom(sample);
    byte[] data = new byte[h * w * channels];
    for (int i = 0; i < data.length; i++) {
      double wave = Math.sin(i / channels % w * 0.1) + Math.cos(i / channels / w * 0.07);
      data[i] = (byte) Math.clamp(Math.round(127 + 50 * wave + 20 * r.nextGaussian()), 0, 255);
    }
    PixelImage image = new PixelImage(w, h, channels, data);
    PixelImage ready = model.info().preprocessing().evalTransform().apply(image, r);
    MemorySegment buffer = Arena.ofAuto().allocate(ready.data().length, 64);
    buffer.copyFrom(MemorySegment.ofArray(ready.data()));
    HostTensor want = model.logits(buffer, 1, ready.height(), ready.width(), channels);
    HostTensor in = HostTensor.of(data, 1, h, w, channels);
    HostTensor got =
        model instanceof Int8Model q
            ? byLayer(q, read, in, normalized(ready), network -> run(network, buffer, ready))
            : OnnxExport.run(backend, read, in, this::resize);
    return difference(want, got);
  }

  /** What the engine's network, or its first layers, gives. */
  private interface Source {
    HostTensor run(Int8Network network);
  }

  private HostTensor run(Int8Network network, HostTensor images) {
    try (Tensor x = backend.memory().upload(images)) {
      return network.run(x);
    }
  }

  private HostTensor run(Int8Network network, MemorySegment pixels, PixelImage p) {
    var norm = model.info().preprocessing().normalization();
    return network.run(pixels, 1, p.height(), p.width(), norm.mean(), norm.std());
  }

  private HostTensor normalized(PixelImage p) {
    var norm = model.info().preprocessing().normalization();
    int plane = p.width() * p.height();
    float[] x = new float[p.channels() * plane];
    for (int i = 0; i < x.length; i++) {
      int c = i / plane;
      x[i] =
          ((p.data()[i % plane * p.channels() + c] & 0xff) / 255f - norm.mean()[c]) / norm.std()[c];
    }
    return HostTensor.of(x, 1, p.channels(), p.height(), p.width());
  }

  /**
   * The exported graph's answer, each of whose layers was given the engine's bytes: see {@link
   * ByteCheck}.
   *
   * @param images what the network sees
   */
  private HostTensor byLayer(
      Int8Model q, OnnxModel read, HostTensor in, HostTensor images, Source engine) {
    Int8Graph graph = q.graph();
    ByteCheck check =
        new ByteCheck(
            graph,
            options.byteSums(),
            value -> {
              if (value.equals(graph.input())) {
                Int8Graph.QuantizedType g = graph.grid(value);
                var spec = g.dtype() == DType.U8 ? QuantSpec.ACTIVATION : QuantSpec.SIGNED;
                return new QuantParams(spec, new float[] {g.scale()}, new int[] {g.zeroPoint()})
                    .quantize(images);
              }
              try (Int8Network first = backend.int8Networks().compile(graph.upTo(value))) {
                return engine.run(first);
              }
            });
    HostTensor answer = OnnxExport.run(backend, read, in, this::resize, check);
    check.requireAll();
    return answer;
  }

  /** The engine's own resize of the shorter side; the other follows. */
  private HostTensor resize(HostTensor nchw, int height, int width) {
    int c = nchw.shape().size(1);
    int h = nchw.shape().size(2);
    int w = nchw.shape().size(3);
    byte[] planes = nchw.toBytes();
    byte[] pixels = new byte[planes.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = planes[i % c * h * w + i / c];
    }
    Interpolation how = model.info().preprocessing().interpolation();
    PixelImage out =
        Transforms.resize(height, width, how).apply(new PixelImage(w, h, c, pixels), null);
    byte[] back = new byte[out.data().length];
    for (int i = 0; i < back.length; i++) {
      back[i % c * height * width + i / c] = out.data()[i];
    }
    return new HostTensor(DType.U8, Shape.of(1, c, height, width), MemorySegment.ofArray(back));
  }

  /** The largest difference as a share of the largest answer. */
  private double difference(HostTensor want, HostTensor got) {
    float[] a = want.toFloats();
    float[] b = got.toFloats();
    int classes = want.shape().size(1);
    double worst = 0;
    double largest = 1e-30;
    for (int row = 0; row < a.length / classes; row++) {
      double[] p = Logits.softmax(a, row * classes, classes);
      for (int i = 0; i < classes; i++) {
        double expected = options.softmax() ? p[i] : a[row * classes + i];
        worst = Math.max(worst, Math.abs(expected - b[row * classes + i]));
        largest = Math.max(largest, Math.abs(expected));
      }
    }
    return worst / largest;
  }
}
