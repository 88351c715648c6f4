package engine.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.model.ConvNextConfig;
import engine.model.EfficientNetConfig;
import engine.model.Models;
import engine.model.Network;
import engine.model.NetworkConfig;
import engine.model.NetworkOptions;
import engine.model.ResNetConfig;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.weights.StateMapping;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The network of a reference case with the case's weights, images and targets. Other cases of the
 * same net say {@code "of": NAME} and hold expected values only.
 */
final class ReferenceNetwork implements AutoCloseable {
  private static final String WEIGHTS = "state_dict_safetensors";
  private static final String CONVNEXT = "convnext_";
  private static final String EFFICIENTNET = "efficientnet_";
  private static final String MOBILENET = "mobilenet_";

  private static final Map<String, String> LAYERS =
      Map.of(
          "resnet18", "BasicBlock [2,2,2,2]",
          "resnet34", "BasicBlock [3,4,6,3]",
          "resnet50", "Bottleneck [3,4,6,3]",
          "resnet101", "Bottleneck [3,4,23,3]");

  /** What one pass in training mode gave; the gradients are in the parameters. */
  record Pass(HostTensor logits, double loss) {}

  final Network model;
  private final Backend backend;
  private final ReferenceCase main;

  /**
   * @param c a main case, or one that names its main case
   */
  ReferenceNetwork(Backend backend, ReferenceCase c) throws IOException {
    this.backend = backend;
    main = c.attrs().has("of") ? sibling(c, c.attrs().get("of").getAsString()) : c;
    Path weights = main.files().get(WEIGHTS);
    if (weights == null) {
      throw new IOException("the manifest names no " + WEIGHTS + " for " + main.name());
    }
    model = config(main).create(backend, new SplittableRandom(0));
    try {
      model.loadStateDict(backend, named(WeightsFile.read(weights).tensors()));
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * By the network's own names: the files of some cases have those of the library that made them.
   */
  private Map<String, HostTensor> named(Map<String, HostTensor> file) {
    return StateMapping.of(model.shapes(), file, model.config().classifier(), Models.otherNames())
        .loaded();
  }

  private static NetworkConfig config(ReferenceCase c) {
    JsonObject a = c.attrs();
    int channels = c.in("x").shape().size(1);
    int classes = a.get("num_classes").getAsInt();
    if (c.op().contains(EFFICIENTNET)) {
      double width = a.get("width_mult").getAsDouble();
      var options = new NetworkOptions(width, "standard", "none", false, 0, channels, classes);
      EfficientNetConfig e = (EfficientNetConfig) NetworkConfig.of(c.op(), options);
      return new EfficientNetConfig(e.variant(), e.scale(), width, channels, classes, 0, 0);
    }
    if (c.op().startsWith(CONVNEXT)) {
      List<Integer> depths =
          a.getAsJsonArray("layers").asList().stream().map(JsonElement::getAsInt).toList();
      return new ConvNextConfig(depths, a.get("width_mult").getAsDouble(), channels, classes, 0, 0);
    }
    if (c.op().startsWith(MOBILENET)) {
      double width = a.get("width_mult").getAsDouble();
      return NetworkConfig.of(
          c.op(), new NetworkOptions(width, "standard", "none", false, 0, channels, classes));
    }
    int depth = Integer.parseInt(c.op().substring("resnet".length()));
    int width = a.get("base_width").getAsInt();
    return new ResNetConfig(depth, width, channels, classes, ResNetConfig.Stem.STANDARD, 0, false);
  }

  /** Only the networks of the papers, and batch norm with the constants that they have. */
  static boolean knows(ReferenceCase c) {
    JsonObject a = c.attrs();
    if (!Models.names().contains(c.op())) {
      return false;
    }
    if (a.has("of")) {
      return true;
    }
    if (c.op().startsWith(CONVNEXT)) {
      return isOrAbsent(a, "stochastic_depth", 0) && isOrAbsent(a, "ln_eps", 1e-6);
    }
    if (c.op().startsWith(MOBILENET)) {
      boolean third = c.op().contains("v3");
      return isOrAbsent(a, "dropout", 0)
          && isOrAbsent(a, "bn_eps", third ? 1e-3 : 1e-5)
          && isOrAbsent(a, "bn_momentum", third ? 0.01 : 0.1);
    }
    if (config(c) instanceof EfficientNetConfig e) {
      return (!a.has("setting") || stages(a).equals(e.stages()))
          && isOrAbsent(a, "dropout", 0)
          && isOrAbsent(a, "stochastic_depth", 0)
          && isOrAbsent(a, "bn_eps", e.padsSame() ? 1e-3 : 1e-5)
          && isOrAbsent(a, "bn_momentum", 0.1);
    }
    return LAYERS.get(c.op()).equals(a.get("block").getAsString() + " " + a.get("layers"))
        && isOrAbsent(a, "bn_eps", 1e-5)
        && isOrAbsent(a, "bn_momentum", 0.1);
  }

  private static List<EfficientNetConfig.StageConfig> stages(JsonObject attrs) {
    List<EfficientNetConfig.StageConfig> out = new ArrayList<>();
    for (JsonElement e : attrs.getAsJsonArray("setting")) {
      JsonObject s = e.getAsJsonObject();
      out.add(
          new EfficientNetConfig.StageConfig(
              s.get("expand_ratio").getAsInt(),
              s.get("kernel").getAsInt(),
              s.get("stride").getAsInt(),
              s.get("input_channels").getAsInt(),
              s.get("out_channels").getAsInt(),
              s.get("num_layers").getAsInt()));
    }
    return out;
  }

  private static boolean isOrAbsent(JsonObject a, String key, double value) {
    return !a.has(key) || a.get(key).getAsDouble() == value;
  }

  /** Another case of the same group. */
  static ReferenceCase sibling(ReferenceCase c, String name) throws IOException {
    for (Manifest.Item item : Manifest.read(c.folder()).cases()) {
      if (item.group().equals(c.group()) && item.name().equals(name)) {
        return item.load();
      }
    }
    throw new IOException("the manifest has no case " + c.group() + "/" + name);
  }

  /** Whether every other file of weights of the case has the same bits as the one loaded. */
  void checkFiles(Checks checks) throws IOException {
    Map<String, HostTensor> want = WeightsFile.read(main.files().get(WEIGHTS)).tensors();
    for (Path file : main.files().values()) {
      FormatCases.agree(file, want, WeightsFile.read(file).tensors(), checks);
    }
  }

  JsonObject attrs() {
    return main.attrs();
  }

  /** All images in evaluation mode. */
  HostTensor evaluate() {
    try (Tape tape = Tape.inference(backend)) {
      Variable x = tape.constant(backend.memory().upload(main.in("x")));
      return backend.memory().download(model.forward(tape, x).value());
    }
  }

  /** The activations of the first image in evaluation mode, by layer. */
  Map<String, HostTensor> activations() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    HostTensor all = main.in("x");
    Shape one = all.shape().with(0, 1);
    HostTensor first =
        new HostTensor(
            all.dtype(), one, all.data().asSlice(0, one.elements() * all.dtype().bytes()));
    try (Tape tape = Tape.inference(backend)) {
      Variable x = tape.constant(backend.memory().upload(first));
      model.forward(tape, x, (layer, v) -> out.put(layer, backend.memory().download(v.value())));
    }
    return out;
  }

  /** Forward and backward of the whole batch in training mode. */
  Pass train() {
    float smoothing = main.attrs().get("label_smoothing").getAsFloat();
    try (Tape tape = Tape.training(backend);
        Tensor target = backend.memory().upload(classes(main.in("target")))) {
      Variable x = tape.constant(backend.memory().upload(main.in("x")));
      Variable logits = model.forward(tape, x);
      HostTensor seen = backend.memory().download(logits.value());
      Variable loss = CrossEntropy.apply(tape, logits, target, smoothing);
      double value = backend.memory().download(loss.value()).item();
      tape.backward(loss, 1);
      return new Pass(seen, value);
    }
  }

  /** Class numbers, which files hold as I64, as a device wants them: I32 [N]. */
  static HostTensor classes(HostTensor wide) {
    long[] values = wide.toLongs();
    int[] out = new int[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.toIntExact(values[i]);
    }
    return HostTensor.of(out, out.length);
  }

  /** Gradients by parameter, after {@link #train}. */
  Map<String, HostTensor> gradients() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    model
        .parameters()
        .forEach(
            (name, p) ->
                out.put(name, p.grad() == null ? null : backend.memory().download(p.grad())));
    return out;
  }

  /**
   * Whether names, shapes and types of the state dict are those that the case lists, in its order.
   */
  boolean hasListedState() {
    JsonArray mine = new JsonArray();
    model
        .stateDict(backend)
        .forEach(
            (name, t) -> {
              JsonArray dims = new JsonArray();
              for (long d : t.shape().dims()) {
                dims.add(d);
              }
              JsonArray entry = new JsonArray();
              entry.add(name);
              entry.add(dims);
              entry.add(t.dtype().isFloating() ? "float32" : "int64");
              mine.add(entry);
            });
    JsonElement listed = main.attrs().get("state_dict");
    return listed != null && listed.toString().equals(mine.toString());
  }

  @Override
  public void close() {
    model.close();
  }
}
