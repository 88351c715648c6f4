package engine.model;

import engine.base.UserError;
import java.util.List;
import java.util.stream.IntStream;

/** Which ConvNeXt weights are of. */
final class ConvNextShapes {
  /** In every ConvNeXt, and nowhere else. */
  static final String DEEP = "features.7.0.layer_scale";

  private static final String STEM = "features.0.0.weight";

  private ConvNextShapes() {}

  /** As {@link ModelFamily.Reader#read}. */
  static List<ConvNextConfig> read(TensorShapes t) {
    if (!t.has(DEEP)) {
      return List.of();
    }
    List<Integer> depths =
        IntStream.of(1, 3, 5, 7)
            .mapToObj(s -> t.blocks("features." + s + ".%d.layer_scale"))
            .toList();
    if (!depths.equals(ConvNextConfig.TINY)) {
      throw new UserError(
          "holds a ConvNeXt of %s blocks, and here is convnext_tiny of %s"
              .formatted(depths, ConvNextConfig.TINY));
    }
    return List.of(
        new ConvNextConfig(
            depths,
            (double) t.size(STEM, 0) / ConvNextConfig.CHANNELS,
            t.size(STEM, 1),
            t.classes("classifier.2"),
            0,
            0));
  }
}
