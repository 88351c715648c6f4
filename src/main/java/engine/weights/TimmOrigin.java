package engine.weights;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import engine.base.JsonText;
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

/**
 * Which of timm's networks weights are of. Some of them have the names and shapes of a network here
 * and compute something else, which no tensor shows: {@code tf_efficientnet_*} pads as TensorFlow
 * does and normalises with eps 1e-3, {@code resnetblur*}, {@code resnetaa*} and {@code
 * efficientnet_blur_*} have filters without weights. What knows is the name: in a checkpoint of
 * timm's training script, in the hub's {@code config.json} beside the file, in the file's own name.
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

  private static final Pattern EFFICIENTNET = Pattern.compile("efficientnet_b[0-8](?:\\..*)?");

  /** Where checkpoints say which model they are of. */
  private static final List<String> KEYS =
      List.of("arch", "architecture", "model_name", "model", "backbone", "encoder", "name");

  /** Where checkpoints keep the options of their training. */
  private static final List<String> GROUPS =
      List.of("args", "hyper_parameters", "config", "cfg", "pretrained_cfg");

  private TimmOrigin() {}

  /**
   * @return what has to be said where nothing tells which network these weights are of; else empty
   * @throws UserError if they are known to be of a network that computes something else
   */
  public static List<String> check(Path file, WeightsFile.Contents contents, StateMapping mapping) {
    return check(file, contents, mapping.timm() && mapping.others().haveDoubles());
  }

  /**
   * The same before a network is made.
   *
   * @param timm whether the names are timm's own of an EfficientNet
   */
  public static List<String> check(Path file, WeightsFile.Contents contents, boolean timm) {
    if ("engine".equals(contents.metadata().get("producer"))) {
      return List.of();
    }
    Path folder = file.toAbsolutePath().getParent();
    Map<String, String> said = said(contents, folder);
    refuse(file, said, timm);
    if (said.values().stream().anyMatch(n -> EFFICIENTNET.matcher(n).matches())) {
      return List.of(); // what a file says of itself goes before what people call it
    }
    Map<String, String> called = new LinkedHashMap<>();
    put("its name", file.getFileName(), called);
    if (timm) {
      put("its folder's name", folder.getFileName(), called);
    }
    refuse(file, called, timm);
    return timm
        ? List.of(
            "nothing in the file tells timm's efficientnet_* from tf_efficientnet_*, which has the same names and other padding: if it is of the latter, its answers are wrong here")
        : List.of();
  }

  private static void refuse(Path file, Map<String, String> said, boolean timm) {
    said.forEach(
        (where, name) -> {
          Matcher tensorflow = TENSORFLOW.matcher(name);
          if (timm && tensorflow.find()) {
            throw new UserError(
                "the weights in %s are of timm's %s, as %s says, which pads as TensorFlow does and has another eps: its answers would be wrong here; use timm's efficientnet_b0 to _b7 or torchvision's weights"
                    .formatted(file, tensorflow.group(), where));
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
