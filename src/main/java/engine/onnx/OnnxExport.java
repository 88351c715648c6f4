package engine.onnx;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.base.Setting;
import engine.base.UserError;
import engine.graph.Graph;
import engine.graph.NormFolding;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes an ONNX file of a network, and looks at it before saying that it is done. */
public final class OnnxExport {
  public static final int OLDEST_OPSET = 13;
  public static final int NEWEST_OPSET = 22;

  /** Resizing with an antialiasing filter came with it. */
  private static final int RESIZING_OPSET = 18;

  /**
   * @param opset version of ONNX's operators
   * @param keepNorms write norms as nodes of their own rather than folded into convolutions
   * @param softmax give probabilities rather than logits
   * @param byteSums of a network of bytes: round what a residual sum adds as well as the sum, which
   *     ONNX Runtime then computes in bytes
   * @param external put the weights into a second file
   * @param preprocessing null for a network that takes normalised images
   * @param size of the images
   */
  public record Options(
      int opset,
      boolean keepNorms,
      boolean softmax,
      boolean byteSums,
      boolean external,
      Preprocessing preprocessing,
      Size size) {
    public Options {
      if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
        throw new UserError(
            (Setting.OPSET + " must be between %d and %d, not %d")
                .formatted(OLDEST_OPSET, NEWEST_OPSET, opset));
      }
      if (preprocessing != null && preprocessing.resize() > 0 && opset < RESIZING_OPSET) {
        throw new UserError(
            ("a resize as the engine does it needs " + Setting.OPSET + " %d or newer, not %d")
                .formatted(RESIZING_OPSET, opset));
      }
    }
  }

  /** Of images, in pixels; 0 stands for any. */
  public record Size(int height, int width) {}

  /** Who made a file. */
  public record Producer(String name, String version) {}

  private OnnxExport() {}

  /** A network of real numbers. */
  public static OnnxModel of(
      Graph graph, Options o, Producer producer, Map<String, String> metadata) {
    Graph g = o.keepNorms ? graph : NormFolding.fold(graph);
    NodeWriter out = new NodeWriter(o.opset);
    int channels = graph.inputShape().size(1);
    FloatGraph.write(g, out, images(o, out), logits(o));
    return finish(o, out, channels, g.nodes().getLast().shape().size(1), producer, metadata);
  }

  /** A network of bytes, as QuantizeLinear and DequantizeLinear. */
  public static OnnxModel of(
      Int8Graph graph, Options o, Producer producer, Map<String, String> metadata) {
    NodeWriter out = new NodeWriter(o.opset);
    QdqGraph.write(graph, o.byteSums, out, images(o, out), logits(o));
    int classes =
        graph.layers().getLast() instanceof Int8Layer.Linear l ? l.weight().shape().size(0) : 0;
    return finish(o, out, graph.channels(), classes, producer, metadata);
  }

  private static String images(Options o, NodeWriter out) {
    return o.preprocessing == null ? "input" : o.preprocessing.write(out, "input");
  }

  private static String logits(Options o) {
    return o.softmax ? "logits" : "output";
  }

  private static OnnxModel finish(
      Options o,
      NodeWriter out,
      int channels,
      int classes,
      Producer producer,
      Map<String, String> metadata) {
    if (o.softmax) {
      out.node("Softmax", "softmax", Map.of("axis", new Attribute.Int(1)), "output", "logits");
    }
    String c = Integer.toString(channels);
    String h = o.size.height > 0 ? Integer.toString(o.size.height) : "height";
    String w = o.size.width > 0 ? Integer.toString(o.size.width) : "width";
    OnnxModel.Value input =
        o.preprocessing == null
            ? new OnnxModel.Value("input", DType.F32, List.of("batch", c, h, w))
            : new OnnxModel.Value("input", DType.U8, List.of("batch", "height", "width", c));
    OnnxModel.Value output =
        new OnnxModel.Value("output", DType.F32, List.of("batch", Integer.toString(classes)));
    Map<String, Long> opsets = new LinkedHashMap<>();
    opsets.put("", (long) o.opset);
    OnnxModel m =
        new OnnxModel(
            irVersion(o.opset),
            opsets,
            producer.name,
            producer.version,
            metadata,
            out.graph("network", input, output));
    OnnxStructure.check(m);
    return m;
  }

  /** The first IR version that knows the opset (ONNX's Versioning.md). */
  private static long irVersion(int opset) {
    return opset <= 14 ? 7 : opset <= 18 ? 8 : opset <= 20 ? 9 : 10;
  }

  /**
   * Writes a model so that there is a whole file or none: it is written beside, read back, given to
   * {@code check}, and then moved to its place.
   *
   * @param external put the weights into a second file
   * @param force overwrite existing files
   * @param check what must hold of the file that was read back; it throws what is wrong
   * @return the files written
   */
  public static List<Path> write(
      Path file, OnnxModel model, boolean external, boolean force, Consumer<OnnxModel> check)
      throws IOException {
    Path target = file.toAbsolutePath();
    requireFree(target, force);
    Files.createDirectories(target.getParent());
    Path temp = Files.createTempDirectory(target.getParent(), ".export");
    try {
      List<Path> written = OnnxWriter.write(temp.resolve(target.getFileName()), model, external);
      OnnxModel read = OnnxReader.read(written.getFirst());
      OnnxStructure.check(read);
      check.accept(read);
      for (Path p : written) {
        requireFree(target.resolveSibling(p.getFileName()), force);
      }
      List<Path> out = new ArrayList<>();
      // The data before what points to it.
      for (Path p : written.reversed()) {
        Path to = target.resolveSibling(p.getFileName());
        Files.move(p, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        out.addFirst(to);
      }
      AtomicFiles.fsyncFolder(target.getParent());
      return out;
    } finally {
      try (Stream<Path> left = Files.list(temp)) {
        for (Path p : left.toList()) {
          Files.delete(p);
        }
      }
      Files.delete(temp);
    }
  }

  /**
   * @throws UserError if the file is there already and may not be overwritten
   */
  public static void requireFree(Path file, boolean force) {
    if (Files.isDirectory(file)) {
      throw new UserError(file + " is a folder: name a file, such as model.onnx");
    }
    if (Files.exists(file) && !force) {
      throw new UserError(
          file + " exists already: give another name, or " + Setting.FORCE + " to overwrite it");
    }
  }

  /** The outputs of a model for a batch, by the engine's own interpreter. */
  public static HostTensor run(
      Backend backend, OnnxModel m, HostTensor input, OnnxInterpreter.Resize resize) {
    return new OnnxInterpreter(backend, m, resize).run(input);
  }

  /** The same, with what {@code hook} makes of each node's output. */
  public static HostTensor run(
      Backend backend,
      OnnxModel m,
      HostTensor input,
      OnnxInterpreter.Resize resize,
      OnnxInterpreter.Hook hook) {
    return new OnnxInterpreter(backend, m, resize).run(input, hook);
  }
}
