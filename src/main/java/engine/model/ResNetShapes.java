package engine.model;

import engine.base.UserError;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Which ResNet weights are of. */
final class ResNetShapes {
  /** In every ResNet, and nowhere else. */
  static final String DEEP = "layer4.0.conv1.weight";

  private static final String STEM = "conv1.weight";

  private static final String FIRST = "layer1.0.";
  private static final Pattern OWN = Pattern.compile("conv[123]|bn[123]|downsample|cbam");

  private ResNetShapes() {}

  /** As {@link ModelFamily.Reader#read}. */
  static List<ResNetConfig> read(TensorShapes t) {
    if (!t.has(DEEP)) {
      return List.of();
    }
    int kernel = t.size(STEM, 2);
    if (kernel != 3 && kernel != 7) {
      throw new UserError(
          "holds a ResNet without a first convolution of 7x7 or 3x3 pixels, such as timm's resnet50d: no network here has its layers");
    }
    String other = t.other(FIRST, OWN);
    if (other != null) {
      throw new UserError(
          "holds a ResNet with a part '%s' in its blocks, such as timm's seresnet50: no network here has its layers"
              .formatted(other));
    }
    int width = t.size(STEM, 0);
    boolean bottleneck = t.has("layer1.0.conv3.weight");
    int depth = depth(blocks(t), bottleneck);
    if (bottleneck && t.size("layer1.0.conv2.weight", 1) != t.size("layer1.0.conv2.weight", 0)) {
      throw new UserError(
          "holds a ResNeXt, whose convolutions are in groups: no network here has its layers");
    }
    if (t.size("layer1.0.conv1.weight", 0) != width) {
      throw new UserError(
          "holds a ResNet that is wider or narrower inside its blocks than its first layer, such as wide_resnet50_2: no network here has its layers");
    }
    return List.of(
        new ResNetConfig(
            depth,
            width,
            t.size(STEM, 1),
            t.classes("fc"),
            kernel == 3 ? ResNetConfig.Stem.SMALL : ResNetConfig.Stem.STANDARD,
            0,
            new ResNetConfig.BranchEnd(false, attention(t))));
  }

  private static int[] blocks(TensorShapes t) {
    return IntStream.rangeClosed(1, 4)
        .map(s -> t.blocks("layer" + s + ".%d.conv1.weight"))
        .toArray();
  }

  private static int depth(int[] blocks, boolean bottleneck) {
    for (int depth : ResNetConfig.DEPTHS) {
      if (bottleneck == depth >= 50 && Arrays.equals(blocks, ResNetConfig.layers(depth))) {
        return depth;
      }
    }
    throw new UserError(
        "holds a ResNet of %s %s blocks, which is none of %s; the nearest is resnet%d"
            .formatted(
                Arrays.toString(blocks),
                bottleneck ? "bottleneck" : "basic",
                String.join(", ", ResNetConfig.FAMILY.names()),
                nearest(blocks, bottleneck)));
  }

  /** The one of the same kind of blocks whose number of blocks differs least. */
  private static int nearest(int[] blocks, boolean bottleneck) {
    int wanted = Arrays.stream(blocks).sum();
    return ResNetConfig.DEPTHS.stream()
        .filter(depth -> bottleneck == depth >= 50)
        .min(
            Comparator.comparingInt(
                depth -> Math.abs(Arrays.stream(ResNetConfig.layers(depth)).sum() - wanted)))
        .orElseThrow();
  }

  private static Attention attention(TensorShapes t) {
    if (t.has("layer1.0.cbam.mlp.0.weight")) {
      return Attention.CBAM_PAPER;
    }
    return t.has("layer1.0.cbam.fc1.weight") ? Attention.CBAM : Attention.NONE;
  }
}
