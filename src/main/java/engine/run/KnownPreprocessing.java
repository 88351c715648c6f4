package engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import engine.base.Setting;
import engine.data.transform.Interpolation;
import engine.data.transform.TransformSpec;
import engine.model.NetworkConfig;
import engine.picture.Normalization;
import engine.weights.Catalogue;
import engine.weights.WeightsFile;
import engine.weights.pickle.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How pictures are prepared for weights of another program, as far as anything says it: the
 * catalogue of published weights, a model hub's {@code config.json} beside the file, or the options
 * that a training program saved in it. What nothing says is torchvision's usual way.
 *
 * @param note for people: what it is, and where it is from
 * @param isKnown whether anything said the size
 */
record KnownPreprocessing(TransformSpec spec, String note, boolean isKnown) {
  private static final int SIDE = 224;
  private static final int MOST_SIDE = 4096;

  /** Of ImageNet's pictures in gray, as timm has them. */
  private static final Normalization GRAY =
      new Normalization(new float[] {.449f}, new float[] {.226f});

  private static final List<String> SIZES =
      List.of("input_size", "img_size", "val_crop_size", "image_size");

  /**
   * TensorFlow's EfficientNet-Lite takes (v - 127) / 128 of a byte; its conversions to PyTorch by
   * the names of efficientnet_pytorch leave that to the user.
   */
  private static final Normalization LITE =
      new Normalization(
          new float[] {127 / 255f, 127 / 255f, 127 / 255f},
          new float[] {128 / 255f, 128 / 255f, 128 / 255f});

  static KnownPreprocessing of(Path file, WeightsFile.Contents contents, NetworkConfig network)
      throws IOException {
    int channels = network.inChannels();
    Normalization usual = channels == 3 ? Normalization.IMAGENET : GRAY;
    Optional<Catalogue.Entry> published = Catalogue.known().entryOf(file);
    if (published.isPresent() && published.get().preprocessing() != null) {
      return said(
          published(published.get().preprocessing()), "the catalogue of weights says", usual);
    }
    JsonObject hub = HubConfig.beside(file);
    JsonElement own = hub.get("pretrained_cfg");
    TransformSpec spec = read(plain(own instanceof JsonObject o ? o : hub), usual);
    if (spec != null) {
      return said(spec, "config.json beside it says", usual);
    }
    for (String group : List.of("pretrained_cfg", "args")) {
      spec = contents.values().get(group) instanceof Map<?, ?> m ? read(m, usual) : null;
      if (spec != null) {
        return said(spec, "its " + group + (group.equals("args") ? " say" : " says"), usual);
      }
    }
    spec = ofPublished(contents, network);
    if (spec != null) {
      return said(spec, "the published weights of " + network.name() + " want it", usual);
    }
    spec = TransformSpec.imageNetEval(SIDE).with(usual);
    return new KnownPreprocessing(
        spec,
        "nothing says how pictures are prepared for it, so it is done as torchvision does: %s; train, eval, predict and export take another size with %s"
            .formatted(how(spec, usual), Setting.IMAGE_SIZE),
        false);
  }

  /**
   * As the published weights of a network want it that torchvision does not have, so that its way
   * is nobody's; else null.
   */
  private static TransformSpec ofPublished(WeightsFile.Contents contents, NetworkConfig network) {
    Optional<Catalogue.Entry> usual =
        Catalogue.standard().weights().stream()
            .filter(e -> e.isDefault() && e.model().equals(network.name()))
            .filter(e -> "timm".equals(e.names()))
            .findFirst();
    if (usual.isEmpty() || network.inChannels() != 3) {
      return null;
    }
    TransformSpec spec = published(usual.get().preprocessing());
    boolean lite =
        network.name().contains("efficientnet_lite")
            && contents.tensors().keySet().stream().anyMatch(n -> n.endsWith("_conv_stem.weight"));
    return lite ? spec.with(LITE) : spec;
  }

  private static KnownPreprocessing said(TransformSpec spec, String where, Normalization usual) {
    return new KnownPreprocessing(
        spec, "pictures are prepared as %s: %s".formatted(where, how(spec, usual)), true);
  }

  private static String how(TransformSpec spec, Normalization usual) {
    return "the shorter side to %d pixels (%s), %dx%d of the middle, %s mean and deviation"
        .formatted(
            spec.resize(),
            spec.interpolation().name().toLowerCase(Locale.ROOT),
            spec.crop(),
            spec.crop(),
            spec.normalization().equals(usual) ? "ImageNet's" : "their own");
  }

  private static TransformSpec published(Catalogue.Preprocessing p) {
    Normalization norm = new Normalization(p.mean(), p.std());
    return new TransformSpec(
        norm.channels(),
        0,
        p.resize(),
        p.crop(),
        Interpolation.valueOf(p.interpolation().toUpperCase(Locale.ROOT)),
        norm.mean(),
        norm.std());
  }

  /**
   * From options as timm and torchvision's references name them; null where they say no size, or
   * one that no picture has.
   */
  private static TransformSpec read(Map<?, ?> said, Normalization usual) {
    int size =
        SIZES.stream().mapToInt(k -> side(said.get(k))).filter(s -> s > 0).findFirst().orElse(0);
    if (size == 0) {
      return null;
    }
    double share = said.get("crop_pct") instanceof Number n ? n.doubleValue() : SIDE / 256.0;
    int typed = side(said.get("val_resize_size"));
    int resize = typed > 0 ? typed : share > 0.1 && share <= 1 ? (int) (size / share) : 0;
    Normalization norm = normalization(said, usual);
    return resize < size
        ? null
        : new TransformSpec(
            norm.channels(),
            0,
            resize,
            size,
            "bicubic".equals(said.get("interpolation"))
                ? Interpolation.BICUBIC
                : Interpolation.BILINEAR,
            norm.mean(),
            norm.std());
  }

  /** Of a number, or of channels, height and width; 0 where it is none. */
  private static int side(Object value) {
    Object last =
        list(value) == null ? value : list(value).isEmpty() ? null : list(value).getLast();
    return last instanceof Number n && n.doubleValue() >= 1 && n.doubleValue() <= MOST_SIDE
        ? n.intValue()
        : 0;
  }

  private static Normalization normalization(Map<?, ?> said, Normalization usual) {
    float[] mean = floats(said.get("mean"));
    float[] std = floats(said.get("std"));
    try {
      boolean fits = mean != null && std != null && mean.length == usual.channels();
      return fits ? new Normalization(mean, std) : usual;
    } catch (IllegalArgumentException e) {
      return usual;
    }
  }

  private static float[] floats(Object value) {
    List<?> l = list(value);
    if (l == null || !l.stream().allMatch(Number.class::isInstance)) {
      return null;
    }
    float[] out = new float[l.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) l.get(i)).floatValue();
    }
    return out;
  }

  private static List<?> list(Object value) {
    return value instanceof Tuple t ? t.items() : value instanceof List<?> l ? l : null;
  }

  /** As a pickle holds the like. */
  private static Map<String, Object> plain(JsonObject json) {
    Map<String, Object> out = new LinkedHashMap<>();
    json.entrySet().forEach(e -> out.put(e.getKey(), plain(e.getValue())));
    return out;
  }

  private static Object plain(JsonElement e) {
    return switch (e) {
      case JsonPrimitive p when p.isNumber() -> p.getAsDouble();
      case JsonPrimitive p -> p.getAsString();
      case JsonArray a -> a.asList().stream().map(KnownPreprocessing::plain).toList();
      default -> "";
    };
  }
}
