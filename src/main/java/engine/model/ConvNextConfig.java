package engine.model;

import engine.backend.Backend;
import engine.tensor.Shape;
import engine.weights.TimmConvNextNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which ConvNeXt (Liu et al. 2022), as torchvision defines it.
 *
 * @param depths blocks of each stage; 3, 3, 9, 3 for ConvNeXt-Tiny
 * @param width factor on the channels of every layer; 1 is the standard network
 * @param dropout probability before the classifier, where torchvision has none
 * @param stochasticDepth probability of leaving out the last block's branch; those before it are
 *     left out in proportion to their place
 */
public record ConvNextConfig(
    List<Integer> depths,
    double width,
    int inChannels,
    int classes,
    double dropout,
    double stochasticDepth)
    implements NetworkConfig {
  /** Blocks of ConvNeXt-Tiny. */
  public static final List<Integer> TINY = List.of(3, 3, 9, 3);

  private static final String NAME = "convnext_tiny";

  /** torchvision's for ConvNeXt-Tiny. */
  private static final double STOCHASTIC_DEPTH = 0.1;

  /** Channels of the first stage; each later one has twice those of the one before. */
  static final int CHANNELS = 96;

  private static final int MOST_WIDTH = 16;

  static final ModelFamily<ConvNextConfig> FAMILY =
      new ModelFamily<>(
          NAME,
          List.of(NAME),
          ConvNextConfig.class,
          "depths",
          Set.of(),
          ConvNextConfig::of,
          new ModelFamily.Weights<>(
              ConvNextShapes.DEEP, ConvNextShapes::read, List.of(TimmConvNextNames.NAMES)));

  public ConvNextConfig {
    if (depths == null || depths.isEmpty() || depths.stream().anyMatch(d -> d == null || d < 1)) {
      throw new IllegalArgumentException(
          "every stage of a ConvNeXt has at least one block, not " + depths);
    }
    depths = List.copyOf(depths);
    if (!(width > 0 && width <= MOST_WIDTH)) {
      throw new IllegalArgumentException(
          "the width of a ConvNeXt must be above 0 and at most %d, not %s"
              .formatted(MOST_WIDTH, width));
    }
    NetworkConfig.requireEnds(inChannels, classes);
    if (!(dropout >= 0 && dropout < 1 && stochasticDepth >= 0 && stochasticDepth < 1)) {
      throw new IllegalArgumentException(
          "dropout and stochastic depth must be at least 0 and below 1, not %s and %s"
              .formatted(dropout, stochasticDepth));
    }
  }

  private static ConvNextConfig of(String name, NetworkOptions o) {
    o.requireNoResNet(name);
    return new ConvNextConfig(
        TINY, o.width(), o.inChannels(), o.classes(), o.dropout(), STOCHASTIC_DEPTH);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String classifier() {
    return "classifier.2";
  }

  /** Its strides leave out what does not fill a whole patch. */
  @Override
  public int finalSide(int imageSize) {
    return imageSize / 4 >> depths.size() - 1;
  }

  /** Each pixel is normalised by itself. */
  @Override
  public boolean normalisesOverBatches() {
    return false;
  }

  @Override
  public NetworkOptions options() {
    return NetworkOptions.ofWidth(width, dropout, inChannels, classes);
  }

  @Override
  public void walk(LayerWalk walk) {
    for (int s = 0; s < depths.size(); s++) {
      int c = channels(s);
      walk.patches(c, s == 0 ? 4 : 2);
      // A norm before each patch of later stages, of half the channels; the stem's comes after.
      walk.addParameters(c + (s == 0 ? 2L * c : c));
      for (int i = 0; i < depths.get(s); i++) {
        walk.plain(c, 7, c);
        walk.plain(4L * c, 1, 1);
        walk.plain(c, 1, 1);
        walk.addParameters(c + 2L * c + 4L * c + c + c);
      }
    }
    walk.addParameters(2L * channels(depths.size() - 1));
  }

  @Override
  public Map<String, Shape> ends() {
    Map<String, Shape> out = new LinkedHashMap<>();
    out.put("features.0.0.weight", Shape.of(channels(0), inChannels, 4, 4));
    out.put("classifier.2.weight", Shape.of(classes, channels(depths.size() - 1)));
    return out;
  }

  @Override
  public ConvNext create(Backend backend, RandomGenerator random) {
    return new ConvNext(backend, this, random);
  }

  /** Of a stage, from 0. */
  int channels(int stage) {
    return (int) Math.max(1, Math.round(CHANNELS * width)) << stage;
  }
}
