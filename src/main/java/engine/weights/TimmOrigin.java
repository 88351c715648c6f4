package engine.weights;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import engine.base.JsonText;
import engine.base.Setting;
import engine.base.UserError;
import engine.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which of timm's networks weights are of. Some of them have the names and shapes of another and
 * compute something else, which no tensor shows: {@code tf_efficientnet_*} pads as TensorFlow does
 * and normalises with eps 1e-3, {@code efficientnet_*} does neither, {@code resnetblur*}, {@code
 * resnetaa*} and {@code efficientnet_blur_*} have filters without weights. What knows is the name:
 * in a checkpoint of timm's training script, in the hub's {@code config.json} beside the file, in
 * the file's own name.
 */
public final class TimmOrigin {
  /** Of timm's EfficientNets of any size but the {@code tf_} ones. */
  public static final double EFFICIENTNET_EPS = 1e-5;

  /** With timm's names only: a file of other names is of another network, whatever it is called. */
  private static final Pattern TENSORFLOW =
      Pattern.compile("(?<![a-z0-9])tf_efficientnet\\w{0,40}");

  private static final Pattern FILTERED_EFFICIENTNET =
      Pattern.compile("(?<![a-z0-9])efficientnet_blur_\\w{1,40}");

  private static final Pattern FILTERED_RESNET =
      Pattern.compile("(?<![a-z0-9])resnet(?:blur|aa)\\d{1,3}\\w{0,40}");

  /** What a file says of itself. */
  private static final Pattern SYMMETRIC =
      Pattern.compile("efficientnet_(?:b[0-8]|lite[0-4])(?:\\..*)?");

  /** What timm calls files of them. */
  private static final Pattern CALLED_SYMMETRIC =
      Pattern.compile("(?<![a-z0-9_])efficientnet_(?:b[0-8]|lite[0-4])[._]ra\\w{0,40}");

  /** Of the names of networks here that pad as TensorFlow does and have a double that does not. */
  public static final String TENSORFLOW_PREFIX = "tf_";

  private static final String LITE_PREFIX = "efficientnet_lite";

  /** Where checkpoints say which model they are of. */
  private static final List<String> KEYS =
      List.of("arch", "architecture", "model_name", "model", "backbone", "encoder", "name");

  /** Where checkpoints keep the options of their training. */
  private static final List<String> GROUPS =
      List.of("args", "hyper_parameters", "config", "cfg", "pretrained_cfg");

  private TimmOrigin() {}

  /**
   * @param others the library by whose names the file has its tensors; null where it has
   *     torchvision's
   * @param network the name of the network that shall take them
   * @return what has to be said where nothing tells which network these weights are of; else empty
   * @throws UserError if they are known to be of a network that computes something else
   */
  public static List<String> check(
      Path file, WeightsFile.Contents contents, LayerNames others, String network) {
    if (isOurs(contents)) {
      return List.of();
    }
    if (others != null && !others.computesAs(network).equals(network)) {
      throw new UserError(
          "the weights in %s have the names of %s, whose networks pad as TensorFlow does and have another eps: its answers would be wrong here; use %s %s"
              .formatted(file, others.library(), Setting.MODEL, others.computesAs(network)));
    }
    boolean timm = others != null && others.haveDoubles();
    Map<String, String> said = said(contents, file.toAbsolutePath().getParent());
    refuse(file, said, timm, network, SYMMETRIC);
    boolean same = padsSame(network);
    if (said.values().stream()
        .anyMatch(n -> same ? TENSORFLOW.matcher(n).find() : SYMMETRIC.matcher(n).matches())) {
      return List.of(); // what a file says of itself goes before what people call it
    }
    Map<String, String> called = called(file, timm);
    refuse(file, called, timm, network, CALLED_SYMMETRIC);
    if (!timm || same && called.values().stream().anyMatch(n -> TENSORFLOW.matcher(n).find())) {
      return List.of();
    }
    String kind = network.startsWith(LITE_PREFIX) ? LITE_PREFIX : "efficientnet_";
    return List.of(
        "nothing in the file tells timm's %s%s* from %s%s*, which has the same names and other padding: if it is of the latter, its answers are wrong here"
            .formatted(same ? TENSORFLOW_PREFIX : "", kind, same ? "" : TENSORFLOW_PREFIX, kind));
  }

  /** Whether a file is known to hold one of timm's {@code tf_} networks. */
  public static boolean isTensorFlow(Path file, WeightsFile.Contents contents) {
    Map<String, String> said = said(contents, file.toAbsolutePath().getParent());
    if (said.values().stream().anyMatch(n -> SYMMETRIC.matcher(n).matches())) {
      return false;
    }
    return !isOurs(contents)
        && Stream.concat(said.values().stream(), called(file, true).values().stream())
            .anyMatch(n -> TENSORFLOW.matcher(n).find());
  }

  private static boolean isOurs(WeightsFile.Contents contents) {
    return "engine".equals(contents.metadata().get("producer"));
  }

  private static boolean padsSame(String network) {
    return network.startsWith(TENSORFLOW_PREFIX) || network.startsWith(LITE_PREFIX);
  }

  /** What people call a file. */
  private static Map<String, String> called(Path file, boolean timm) {
    Map<String, String> called = new LinkedHashMap<>();
    put("its name", file.getFileName(), called);
    if (timm) {
      put("its folder's name", file.toAbsolutePath().getParent().getFileName(), called);
    }
    return called;
  }

  private static void refuse(
      Path file, Map<String, String> said, boolean timm, String network, Pattern symmetric) {
    said.forEach(
        (where, name) -> {
          Matcher tensorflow = TENSORFLOW.matcher(name);
          if (timm && !padsSame(network) && tensorflow.find()) {
            throw new UserError(
                "the weights in %s are of timm's %s, as %s says, which pads as TensorFlow does and has another eps: its answers would be wrong here; use %s %s%s"
                    .formatted(
                        file,
                        tensorflow.group(),
                        where,
                        Setting.MODEL,
                        TENSORFLOW_PREFIX,
                        network));
          }
          Matcher alike = symmetric.matcher(name);
          if (timm
              && padsSame(network)
              && (symmetric == SYMMETRIC ? alike.matches() : alike.find())) {
            throw new UserError(
                "the weights in %s are of timm's %s, as %s says, which pads both sides alike and has another eps: its answers would be wrong here; use %s"
                    .formatted(
                        file,
                        alike.group(),
                        where,
                        network.startsWith(LITE_PREFIX)
                            ? "timm's tf_" + network
                            : Setting.MODEL + " " + network.substring(TENSORFLOW_PREFIX.length())));
          }
          Matcher filtered = (timm ? FILTERED_EFFICIENTNET : FILTERED_RESNET).matcher(name);
          if (filtered.find()) {
            throw new UserError(
                "the weights in %s are of timm's %s, as %s says, which has filters that this network has not: its answers would be wrong here; use weights of the plain network"
                    .formatted(file, filtered.group(), where));
          }
        });
  }

  /** Names that may be a model's, in lower case, by where they were found. */
  private static Map<String, String> said(WeightsFile.Contents contents, Path folder) {
    Map<String, String> out = new LinkedHashMap<>();
    add(contents.metadata(), "its ", out);
    add(contents.values(), "its ", out);
    addHubConfig(folder.resolve("config.json"), out);
    return out;
  }

  private static void add(Map<?, ?> from, String where, Map<String, String> out) {
    for (String key : KEYS) {
      if (from.get(key) instanceof String s) {
        put(where + key, s, out);
      }
    }
    for (String group : GROUPS) {
      if (where.equals("its ") && from.get(group) instanceof Map<?, ?> options) {
        add(options, where + group + ".", out);
      }
    }
  }

  private static void put(String where, Object name, Map<String, String> out) {
    if (name != null) {
      out.put(where, name.toString().toLowerCase(Locale.ROOT).replaceFirst("^timm/", ""));
    }
  }

  /** What Hugging Face keeps beside timm's weights; anything else of that name says nothing. */
  private static void addHubConfig(Path config, Map<String, String> out) {
    try {
      if (Files.isRegularFile(config)) {
        JsonElement name = JsonText.object(JsonText.read(config)).get("architecture");
        if (name != null && name.isJsonPrimitive()) {
          put("config.json beside it", name.getAsString(), out);
        }
      }
    } catch (IOException | JsonParseException | UserError e) {
      // no description, then
    }
  }

  /**
   * Weights of norms for another eps, so that each norm computes in evaluation what it did: gamma'
   * = gamma sqrt((variance + to) / (variance + from)).
   *
   * @param tensors with {@code X.weight} and {@code X.running_var} of every norm X
   * @param from the eps that the weights were trained with
   * @param to the eps of the network that takes them
   */
  public static Map<String, HostTensor> withEps(
      Map<String, HostTensor> tensors, double from, double to) {
    if ((float) from == (float) to) {
      return tensors;
    }
    Map<String, HostTensor> out = new LinkedHashMap<>(tensors);
    String variance = ".running_var";
    for (String name : tensors.keySet()) {
      String gamma = name.substring(0, Math.max(0, name.length() - variance.length())) + ".weight";
      if (name.endsWith(variance) && tensors.containsKey(gamma)) {
        double[] v = tensors.get(name).toDoubles();
        double[] g = tensors.get(gamma).toDoubles();
        float[] fitted = new float[g.length];
        for (int i = 0; i < g.length; i++) {
          fitted[i] = (float) (g[i] * Math.sqrt((v[i] + to) / (v[i] + from)));
        }
        out.put(gamma, HostTensor.of(fitted, fitted.length));
      }
    }
    return out;
  }
}
