package engine.model;

import engine.backend.Backend;
import engine.model.ConvNormActivation.Style;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.TimmEfficientNetNames;
import engine.weights.TimmOrigin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Which EfficientNet (Tan and Le 2019), with torchvision's rounding of widths and depths.
 *
 * @param scale 0 for B0 to 7 for B7
 * @param width factor on the channels of every layer beside the scale's own; 1 is the standard
 *     network
 * @param dropout probability before the classifier
 * @param stochasticDepth probability of leaving out the last block's branch; those before it are
 *     left out in proportion to their place
 */
public record EfficientNetConfig(
    int scale, double width, int inChannels, int classes, double dropout, double stochasticDepth)
    implements NetworkConfig {
  /** torchvision's. */
  private static final double STOCHASTIC_DEPTH = 0.2;

  static final int SCALES = 8;
  private static final String PREFIX = "efficientnet_b";

  static final ModelFamily<EfficientNetConfig> FAMILY =
      new ModelFamily<>(
          "efficientnet_b0 to _b7",
          IntStream.range(0, SCALES).mapToObj(i -> PREFIX + i).toList(),
          EfficientNetConfig.class,
          "scale",
          Set.of(),
          EfficientNetConfig::of,
          new ModelFamily.Weights<>(
              EfficientNetShapes.DEEP,
              EfficientNetShapes::read,
              List.of(TimmEfficientNetNames.NAMES)));

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

  /**
   * Blocks that share channels; the first of them has the stride and takes {@code in} channels.
   *
   * @param expansion of the channels inside a block
   */
  public record StageConfig(int expansion, int kernel, int stride, int in, int out, int layers) {}

  public EfficientNetConfig {
    if (scale < 0 || scale >= SCALES) {
      throw new IllegalArgumentException(
          "there is no efficientnet_b" + scale + ": use efficientnet_b0 to efficientnet_b7");
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

  private static EfficientNetConfig of(String name, NetworkOptions o) {
    o.requireNoResNet(name);
    return new EfficientNetConfig(
        Integer.parseInt(name.substring(PREFIX.length())),
        o.width(),
        o.inChannels(),
        o.classes(),
        o.dropout(),
        STOCHASTIC_DEPTH);
  }

  @Override
  public String name() {
    return PREFIX + scale;
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
        long squeezed = Math.max(1, in / 4);
        walk.addParameters(2 * wide * squeezed + squeezed + wide);
        walk.conv(s.out(), 1, 1, 1);
      }
    }
    walk.conv(headChannels(), 1, 1, 1);
  }

  /**
   * timm gives all its EfficientNets one eps; torchvision, as here, gives B5 and larger another.
   */
  @Override
  public Map<String, HostTensor> fromTimm(Map<String, HostTensor> weights) {
    return TimmOrigin.withEps(weights, TimmOrigin.EFFICIENTNET_EPS, style().eps());
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
    for (int[] s : STAGES) {
      int layers = (int) Math.ceil(s[4] * FACTORS[scale][1]);
      out.add(new StageConfig(s[0], s[1], s[2], in, channels(s[3]), layers));
      in = out.getLast().out();
    }
    return out;
  }

  int stemChannels() {
    return channels(STEM);
  }

  int headChannels() {
    return 4 * stages().getLast().out();
  }

  /** B5 and larger follow TensorFlow's style, the others PyTorch's. */
  Style style() {
    return scale >= 5 ? Style.SLOW : Style.PYTORCH;
  }

  private int channels(int b0) {
    return RoundedChannels.of(b0 * (width * FACTORS[scale][0]));
  }
}
