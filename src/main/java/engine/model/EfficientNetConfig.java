package engine.model;

import com.google.gson.annotations.SerializedName;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.model.ConvNormActivation.Style;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.EfficientNetPytorchNames;
import engine.weights.LayerNames;
import engine.weights.TimmEfficientNetNames;
import engine.weights.TimmOrigin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Which EfficientNet (Tan and Le 2019), with torchvision's rounding of widths and depths.
 *
 * @param variant whose; checkpoints from before there were several have none, and are torchvision's
 * @param scale 0 for B0 or Lite0 to 7 for B7, 4 for Lite4
 * @param width factor on the channels of every layer beside the scale's own; 1 is the standard
 *     network
 * @param dropout probability before the classifier
 * @param stochasticDepth probability of leaving out the last block's branch; those before it are
 *     left out in proportion to their place
 */
public record EfficientNetConfig(
    Variant variant,
    int scale,
    double width,
    int inChannels,
    int classes,
    double dropout,
    double stochasticDepth)
    implements NetworkConfig {
  /** torchvision's. */
  private static final double STOCHASTIC_DEPTH = 0.2;

  /** The networks that go by the name, which differ in more than their size. */
  public enum Variant {
    /** As torchvision and timm compute it: each side padded alike. */
    @SerializedName("torchvision")
    TORCHVISION("efficientnet_b", 8),

    /**
     * As its authors do, and timm's {@code tf_} networks and efficientnet_pytorch: with
     * TensorFlow's "same" padding and norms of eps 1e-3.
     */
    @SerializedName("tensorflow")
    TENSORFLOW("tf_efficientnet_b", 8),

    /**
     * The authors' EfficientNet-Lite: the same without squeeze-and-excitation, with ReLU6, and with
     * a stem, a head, a first and a last stage that do not grow.
     */
    @SerializedName("lite")
    LITE("efficientnet_lite", 5);

    private final String prefix;
    final int scales;

    Variant(String prefix, int scales) {
      this.prefix = prefix;
      this.scales = scales;
    }

    /** The last is told by its prefix alone, whatever the size. */
    private static Variant of(String name) {
      return Arrays.stream(values())
          .filter(v -> name.startsWith(v.prefix))
          .findFirst()
          .orElseThrow();
    }

    private IntStream sizes() {
      return IntStream.range(0, scales);
    }
  }

  static final int MOST_WIDTH = 16;

  /** Width and depth factors of B0 to B7 (the authors' code; the paper gives B0 and the rule). */
  private static final double[][] FACTORS = {
    {1.0, 1.0}, {1.0, 1.1}, {1.1, 1.2}, {1.2, 1.4}, {1.4, 1.8}, {1.6, 2.2}, {1.8, 2.6}, {2.0, 3.1}
  };

  /** B0: expansion, kernel, stride, channels out, layers (Tan and Le 2019, table 1). */
  private static final int[][] STAGES = {
    {1, 3, 1, 16, 1},
    {6, 3, 2, 24, 2},
    {6, 5, 2, 40, 2},
    {6, 3, 2, 80, 3},
    {6, 5, 1, 112, 3},
    {6, 5, 2, 192, 4},
    {6, 3, 1, 320, 1}
  };

  private static final int STEM = 32;
  private static final int HEAD = 1280;

  static final ModelFamily<EfficientNetConfig> FAMILY =
      new ModelFamily<>(
          "efficientnet_b0 to _b7 (also tf_), efficientnet_lite0 to _lite4",
          Arrays.stream(Variant.values())
              .flatMap(v -> v.sizes().mapToObj(i -> v.prefix + i))
              .toList(),
          EfficientNetConfig.class,
          "scale",
          Set.of("variant"),
          EfficientNetConfig::of,
          new ModelFamily.Weights<>(
              EfficientNetShapes.DEEP, EfficientNetShapes::read, otherNames()));

  /**
   * Blocks that share channels; the first of them has the stride and takes {@code in} channels.
   *
   * @param expansion of the channels inside a block
   */
  public record StageConfig(int expansion, int kernel, int stride, int in, int out, int layers) {}

  public EfficientNetConfig {
    variant = variant == null ? Variant.TORCHVISION : variant;
    if (scale < 0 || scale >= variant.scales) {
      throw new IllegalArgumentException(
          "there is no %1$s%2$d: use %1$s0 to %1$s%3$d"
              .formatted(variant.prefix, scale, variant.scales - 1));
    }
    if (!(width > 0 && width <= MOST_WIDTH)) {
      throw new IllegalArgumentException(
          "the width of an EfficientNet must be above 0 and at most %d, not %s"
              .formatted(MOST_WIDTH, width));
    }
    NetworkConfig.requireEnds(inChannels, classes);
    if (!(dropout >= 0 && dropout < 1 && stochasticDepth >= 0 && stochasticDepth < 1)) {
      throw new IllegalArgumentException(
          "dropout and stochastic depth must be at least 0 and below 1, not %s and %s"
              .formatted(dropout, stochasticDepth));
    }
  }

  /** torchvision's. */
  public EfficientNetConfig(
      int scale, double width, int inChannels, int classes, double dropout, double depth) {
    this(Variant.TORCHVISION, scale, width, inChannels, classes, dropout, depth);
  }

  private static EfficientNetConfig of(String name, NetworkOptions o) {
    o.requireNoResNet(name);
    Variant variant = Variant.of(name);
    return new EfficientNetConfig(
        variant,
        Integer.parseInt(name.substring(variant.prefix.length())),
        o.width(),
        o.inChannels(),
        o.classes(),
        o.dropout(),
        STOCHASTIC_DEPTH);
  }

  @Override
  public String name() {
    return variant.prefix + scale;
  }

  /** One for each number of layers, which the names of efficientnet_pytorch do not say. */
  private static List<LayerNames> otherNames() {
    List<LayerNames> out =
        new ArrayList<>(List.of(TimmEfficientNetNames.NAMES, TimmEfficientNetNames.LITE));
    for (Variant v : List.of(Variant.TENSORFLOW, Variant.LITE)) {
      v.sizes()
          .mapToObj(i -> new EfficientNetConfig(v, i, 1, 3, 1, 0, 0))
          .map(c -> new EfficientNetPytorchNames(c.depths(), c.squeezes()))
          .forEach(out::add);
    }
    return out.stream().distinct().toList();
  }

  private List<Integer> depths() {
    return stages().stream().map(StageConfig::layers).toList();
  }

  @Override
  public String classifier() {
    return "classifier.1";
  }

  @Override
  public int finalSide(int imageSize) {
    return Math.ceilDiv(imageSize, 32);
  }

  @Override
  public NetworkOptions options() {
    return NetworkOptions.ofWidth(width, dropout, inChannels, classes);
  }

  @Override
  public void walk(LayerWalk walk) {
    walk.conv(stemChannels(), 3, 2, 1);
    for (StageConfig s : stages()) {
      for (int i = 0; i < s.layers(); i++) {
        long in = walk.channels();
        long wide = in * s.expansion();
        if (wide != in) {
          walk.conv(wide, 1, 1, 1);
        }
        walk.conv(wide, s.kernel(), i == 0 ? s.stride() : 1, wide);
        if (squeezes()) {
          long squeezed = Math.max(1, in / 4);
          walk.addParameters(2 * wide * squeezed + squeezed + wide);
        }
        walk.conv(s.out(), 1, 1, 1);
      }
    }
    walk.conv(headChannels(), 1, 1, 1);
  }

  /**
   * timm gives all its EfficientNets one eps, but for those of TensorFlow; torchvision, as here,
   * gives B5 and larger another.
   */
  @Override
  public Map<String, HostTensor> fromTimm(Map<String, HostTensor> weights) {
    return variant == Variant.TORCHVISION
        ? TimmOrigin.withEps(weights, TimmOrigin.EFFICIENTNET_EPS, style().eps())
        : weights;
  }

  @Override
  public Map<String, Shape> ends() {
    Map<String, Shape> out = new LinkedHashMap<>();
    out.put("features.0.0.weight", Shape.of(stemChannels(), inChannels, 3, 3));
    out.put("classifier.1.weight", Shape.of(classes, headChannels()));
    return out;
  }

  @Override
  public EfficientNet create(Backend backend, RandomGenerator random) {
    return new EfficientNet(backend, this, random);
  }

  /** The seven stages between the stem and the head. */
  public List<StageConfig> stages() {
    List<StageConfig> out = new ArrayList<>();
    int in = stemChannels();
    for (int i = 0; i < STAGES.length; i++) {
      int[] s = STAGES[i];
      boolean grows = variant != Variant.LITE || i > 0 && i < STAGES.length - 1;
      int layers = grows ? (int) Math.ceil(s[4] * FACTORS[scale][1]) : s[4];
      out.add(new StageConfig(s[0], s[1], s[2], in, channels(s[3]), layers));
      in = out.getLast().out();
    }
    return out;
  }

  int stemChannels() {
    return variant == Variant.LITE ? RoundedChannels.of(STEM * width) : channels(STEM);
  }

  int headChannels() {
    return variant == Variant.LITE
        ? RoundedChannels.of(HEAD * width)
        : 4 * stages().getLast().out();
  }

  /** Whether its blocks have squeeze-and-excitation. */
  public boolean squeezes() {
    return variant != Variant.LITE;
  }

  /** Whether its convolutions pad as TensorFlow's "same" does. */
  public boolean padsSame() {
    return style().padsSame();
  }

  Activation activation() {
    return variant == Variant.LITE ? Activation.RELU6 : Activation.SILU;
  }

  /** torchvision's B5 and larger follow TensorFlow's norms, its others PyTorch's. */
  Style style() {
    if (variant != Variant.TORCHVISION) {
      return Style.TENSORFLOW;
    }
    return scale >= 5 ? Style.SLOW : Style.PYTORCH;
  }

  private int channels(int b0) {
    return RoundedChannels.of(b0 * (width * FACTORS[scale][0]));
  }
}
