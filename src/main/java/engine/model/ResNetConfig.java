package engine.model;

import engine.backend.Backend;
import engine.base.JsonFields;
import engine.base.Setting;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which ResNet.
 *
 * @param depth 18, 34, 50 or 101
 * @param baseWidth channels of the first stage; 64 is the standard network
 * @param stem {@code standard}: 7x7 stride 2 and max pooling; {@code small}: 3x3 stride 1 and no
 *     pooling, for images of 32 pixels or so
 * @param dropout probability before the classifier
 * @param branchEnd what closes every block's branch
 */
public record ResNetConfig(
    int depth,
    int baseWidth,
    int inChannels,
    int classes,
    Stem stem,
    double dropout,
    @JsonFields.Embedded BranchEnd branchEnd)
    implements NetworkConfig {
  static final ModelFamily<ResNetConfig> FAMILY =
      new ModelFamily<>(
          "resnet18, resnet34, resnet50, resnet101",
          List.of("resnet18", "resnet34", "resnet50", "resnet101"),
          ResNetConfig.class,
          "depth",
          Set.of("attention"),
          ResNetConfig::of,
          new ModelFamily.Weights<>(ResNetShapes.DEEP, ResNetShapes::read, List.of()));

  /** Those there are. */
  static final List<Integer> DEPTHS = List.of(18, 34, 50, 101);

  /** Sixteen times the standard. */
  private static final int MOST_CHANNELS = 1024;

  private static final int STANDARD_WIDTH = 64;

  /** The first layers. */
  public enum Stem {
    STANDARD,
    SMALL
  }

  /**
   * What closes every block's branch.
   *
   * @param zeroInitResidual start the last norm of each block at 0, so that it begins as the
   *     identity (Goyal et al. 2017)
   */
  public record BranchEnd(boolean zeroInitResidual, Attention attention) {
    public BranchEnd {
      // Checkpoints from before there was attention do not mention it.
      attention = attention == null ? Attention.NONE : attention;
    }
  }

  /** Without attention. */
  public ResNetConfig(
      int depth,
      int baseWidth,
      int inChannels,
      int classes,
      Stem stem,
      double dropout,
      boolean zeroInitResidual) {
    this(
        depth,
        baseWidth,
        inChannels,
        classes,
        stem,
        dropout,
        new BranchEnd(zeroInitResidual, Attention.NONE));
  }

  public ResNetConfig {
    if (!DEPTHS.contains(depth)) {
      throw new IllegalArgumentException(
          "there is no resnet" + depth + ": use resnet18, resnet34, resnet50 or resnet101");
    }
    if (baseWidth < 1 || baseWidth > MOST_CHANNELS) {
      throw new IllegalArgumentException(
          "the base width of a ResNet must be between 1 and %d, not %d"
              .formatted(MOST_CHANNELS, baseWidth));
    }
    NetworkConfig.requireEnds(inChannels, classes);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          Setting.DROPOUT + " must be at least 0 and below 1, not " + dropout);
    }
  }

  private static ResNetConfig of(String name, NetworkOptions o) {
    return new ResNetConfig(
        Integer.parseInt(name.substring("resnet".length())),
        Math.max(1, (int) Math.round(STANDARD_WIDTH * o.width())),
        o.inChannels(),
        o.classes(),
        Stem.valueOf(o.stem().toUpperCase(Locale.ROOT)),
        o.dropout(),
        new BranchEnd(
            o.zeroInitResidual(),
            Attention.valueOf(o.attention().toUpperCase(Locale.ROOT).replace('-', '_'))));
  }

  @Override
  public String name() {
    return "resnet" + depth;
  }

  @Override
  public String classifier() {
    return "fc";
  }

  @Override
  public Map<String, Shape> ends() {
    int kernel = stem == Stem.SMALL ? 3 : 7;
    long features = 8L * baseWidth * (bottleneck() ? Bottleneck.EXPANSION : 1);
    Map<String, Shape> out = new LinkedHashMap<>();
    out.put("conv1.weight", Shape.of(baseWidth, inChannels, kernel, kernel));
    out.put("fc.weight", Shape.of(classes, features));
    return out;
  }

  @Override
  public NetworkOptions options() {
    return new NetworkOptions(
        (double) baseWidth / STANDARD_WIDTH,
        stem.name().toLowerCase(Locale.ROOT),
        branchEnd.attention().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        branchEnd.zeroInitResidual(),
        dropout,
        inChannels,
        classes);
  }

  @Override
  public String unsaid() {
    return stem == Stem.SMALL
        ? "its first convolution is 3x3, so no pooling is taken to follow it, which no tensor tells ("
            + Setting.STEM
            + " small)"
        : null;
  }

  @Override
  public ResNet create(Backend backend, RandomGenerator random) {
    return new ResNet(backend, this, random);
  }

  @Override
  public void walk(LayerWalk walk) {
    boolean small = stem == Stem.SMALL;
    walk.conv(baseWidth, small ? 3 : 7, small ? 1 : 2, 1);
    walk.pool(small ? 1 : 2);
    int[] blocks = layers();
    for (int s = 0; s < blocks.length; s++) {
      for (int i = 0; i < blocks[s]; i++) {
        walkBlock(walk, (long) baseWidth << s, i == 0 && s > 0 ? 2 : 1);
      }
    }
  }

  private void walkBlock(LayerWalk walk, long planes, int stride) {
    long in = walk.channels();
    long before = walk.side();
    if (bottleneck()) {
      walk.conv(planes, 1, 1, 1);
      walk.conv(planes, 3, stride, 1);
      walk.conv(planes * Bottleneck.EXPANSION, 1, 1, 1);
    } else {
      walk.conv(planes, 3, stride, 1);
      walk.conv(planes, 3, 1, 1);
    }
    if (stride != 1 || in != walk.channels()) {
      walk.shortcut(in, before, stride);
    }
  }

  @Override
  public int finalSide(int imageSize) {
    return Math.ceilDiv(imageSize, stem == Stem.SMALL ? 8 : 32);
  }

  boolean bottleneck() {
    return depth >= 50;
  }

  /** Blocks of the four stages (He et al. 2016, table 1). */
  int[] layers() {
    return layers(depth);
  }

  static int[] layers(int depth) {
    return switch (depth) {
      case 18 -> new int[] {2, 2, 2, 2};
      case 101 -> new int[] {3, 4, 23, 3};
      default -> new int[] {3, 4, 6, 3};
    };
  }
}
