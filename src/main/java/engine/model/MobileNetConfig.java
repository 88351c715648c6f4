package engine.model;

import engine.backend.Activation;
import engine.backend.Backend;
import engine.base.UserError;
import engine.model.ConvNormActivation.Style;
import engine.tensor.Shape;
import engine.weights.TimmMobileNetV2Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which MobileNet (Sandler et al. 2018; Howard et al. 2019), with torchvision's rounding of widths.
 *
 * @param generation which of the tables of blocks
 * @param width factor on the channels of every layer; 1 is the standard network
 * @param dropout probability before the classifier
 */
public record MobileNetConfig(
    Generation generation, double width, int inChannels, int classes, double dropout)
    implements NetworkConfig {
  /** The networks of the two papers. */
  public enum Generation {
    V2("mobilenet_v2", 32, 1280, MobileNetTables.V2),
    V3_SMALL("mobilenet_v3_small", 16, 1024, MobileNetTables.V3_SMALL),
    V3_LARGE("mobilenet_v3_large", 16, 1280, MobileNetTables.V3_LARGE);

    private final String title;
    private final int stem;
    private final int last;
    private final List<MobileNetTables.Row> rows;

    Generation(String title, int stem, int last, List<MobileNetTables.Row> rows) {
      this.title = title;
      this.stem = stem;
      this.last = last;
      this.rows = rows;
    }

    boolean isThird() {
      return this != V2;
    }
  }

  static final int MOST_WIDTH = 16;

  static final ModelFamily<MobileNetConfig> FAMILY =
      new ModelFamily<>(
          "mobilenet_v2, mobilenet_v3_small, mobilenet_v3_large",
          Arrays.stream(Generation.values()).map(g -> g.title).toList(),
          MobileNetConfig.class,
          "generation",
          Set.of(),
          MobileNetConfig::of,
          new ModelFamily.Weights<>(
              MobileNetShapes.STEM, MobileNetShapes::read, List.of(TimmMobileNetV2Names.NAMES)));

  /**
   * One block.
   *
   * @param wide channels inside it
   * @param squeezed channels of its gate's first convolution; 0 for no gate
   */
  public record BlockConfig(
      int kernel, int stride, int in, int wide, int out, int squeezed, Activation activation) {
    /** Whether a first convolution widens. */
    boolean widens() {
      return wide != in;
    }

    /** Whether the block adds to what it reads. */
    boolean isResidual() {
      return stride == 1 && in == out;
    }
  }

  public MobileNetConfig {
    if (!(width > 0 && width <= MOST_WIDTH)) {
      throw new IllegalArgumentException(
          "the width of a MobileNet must be above 0 and at most %d, not %s"
              .formatted(MOST_WIDTH, width));
    }
    NetworkConfig.requireEnds(inChannels, classes);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be at least 0 and below 1, not " + dropout);
    }
  }

  private static MobileNetConfig of(String name, NetworkOptions o) {
    o.requireNoResNet(name);
    Generation generation =
        Arrays.stream(Generation.values())
            .filter(g -> g.title.equals(name))
            .findFirst()
            .orElseThrow(() -> new UserError("there is no MobileNet of the name " + name));
    return new MobileNetConfig(generation, o.width(), o.inChannels(), o.classes(), o.dropout());
  }

  @Override
  public String name() {
    return generation.title;
  }

  @Override
  public String classifier() {
    return generation.isThird() ? "classifier.3" : "classifier.1";
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
    for (BlockConfig b : blocks()) {
      if (b.widens()) {
        walk.conv(b.wide(), 1, 1, 1);
      }
      walk.conv(b.wide(), b.kernel(), b.stride(), b.wide());
      if (b.squeezed() > 0) {
        walk.addParameters(2L * b.wide() * b.squeezed() + b.squeezed() + b.wide());
      }
      walk.conv(b.out(), 1, 1, 1);
    }
    walk.conv(headChannels(), 1, 1, 1);
    if (generation.isThird()) {
      walk.linear(lastChannels());
    }
  }

  @Override
  public Map<String, Shape> ends() {
    Map<String, Shape> out = new LinkedHashMap<>();
    out.put(MobileNetShapes.STEM, Shape.of(stemChannels(), inChannels, 3, 3));
    out.put(
        classifier() + ".weight",
        Shape.of(classes, generation.isThird() ? lastChannels() : headChannels()));
    return out;
  }

  @Override
  public MobileNet create(Backend backend, RandomGenerator random) {
    return new MobileNet(backend, this, random);
  }

  /** The blocks between the stem and the head. */
  public List<BlockConfig> blocks() {
    List<BlockConfig> out = new ArrayList<>();
    int in = stemChannels();
    for (MobileNetTables.Row r : generation.rows) {
      int channels = channels(r.out());
      int wide = generation.isThird() ? channels(r.wide()) : in * r.wide();
      int squeezed = r.gated() ? RoundedChannels.of(wide / 4) : 0;
      out.add(
          new BlockConfig(r.kernel(), r.stride(), in, wide, channels, squeezed, r.activation()));
      in = channels;
    }
    return out;
  }

  int stemChannels() {
    return channels(generation.stem);
  }

  /** Of the last convolution. The second network keeps its own where it is thin. */
  int headChannels() {
    return generation.isThird()
        ? 6 * blocks().getLast().out()
        : RoundedChannels.of(generation.last * Math.max(1, width));
  }

  /** Of the linear layer before the classifier, which the third networks have. */
  int lastChannels() {
    return channels(generation.last);
  }

  /** The function of the stem and the head. */
  Activation outer() {
    return generation.isThird() ? Activation.HARDSWISH : Activation.RELU6;
  }

  Style style() {
    return generation.isThird() ? Style.SLOW : Style.PYTORCH;
  }

  private int channels(int standard) {
    return RoundedChannels.of(standard * width);
  }
}
