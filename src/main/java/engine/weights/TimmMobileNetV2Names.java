package engine.weights;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * timm's names of the layers of a MobileNetV2. They count the blocks of each stage, torchvision's
 * go on through all stages.
 */
public final class TimmMobileNetV2Names implements LayerNames {
  public static final LayerNames NAMES = new TimmMobileNetV2Names();

  private static final Pattern BLOCK =
      Pattern.compile("blocks\\.([0-6])\\.(\\d)\\.(conv_\\w+|bn\\d)\\.(.+)");

  /** Blocks of each stage, by which it is told from an EfficientNet-Lite. */
  private static final List<Integer> DEPTHS = List.of(1, 2, 3, 4, 3, 3, 1);

  private static final Map<String, String> OUTER =
      Map.of(
          "conv_stem", "features.0.0",
          "bn1", "features.0.1",
          "conv_head", "features.18.0",
          "bn2", "features.18.1",
          "classifier", "classifier.1");

  /** The block of the first stage, which does not widen. */
  private static final Map<String, String> SEPARABLE =
      Map.of("conv_dw", "0.0", "bn1", "0.1", "conv_pw", "1", "bn2", "2");

  private static final Map<String, String> INVERTED =
      Map.of(
          "conv_pw",
          "0.0",
          "bn1",
          "0.1",
          "conv_dw",
          "1.0",
          "bn2",
          "1.1",
          "conv_pwl",
          "2",
          "bn3",
          "3");

  private TimmMobileNetV2Names() {}

  @Override
  public Set<String> modules() {
    return Set.of("conv_stem", "bn1", "blocks", "conv_head", "bn2");
  }

  @Override
  public String deep() {
    return "blocks.0.0.conv_dw.weight";
  }

  @Override
  public boolean areIn(Collection<String> names) {
    return names.contains("conv_stem.weight")
        && names.contains("bn2.weight")
        && !names.contains("blocks.0.0.se.conv_reduce.weight")
        && hasDepths(names);
  }

  private static boolean hasDepths(Collection<String> names) {
    for (int stage = 0; stage < DEPTHS.size(); stage++) {
      int depth = DEPTHS.get(stage);
      if (!names.contains(depthwise(stage, depth - 1)) || names.contains(depthwise(stage, depth))) {
        return false;
      }
    }
    return true;
  }

  private static String depthwise(int stage, int block) {
    return "blocks.%d.%d.conv_dw.weight".formatted(stage, block);
  }

  @Override
  public String toTorchvision(String name) {
    Matcher m = BLOCK.matcher(name);
    if (m.matches()) {
      int stage = Integer.parseInt(m.group(1));
      int before = DEPTHS.subList(0, stage).stream().mapToInt(d -> d).sum();
      String layer = (stage == 0 ? SEPARABLE : INVERTED).get(m.group(3));
      return layer == null
          ? name
          : "features.%d.conv.%s.%s"
              .formatted(1 + before + Integer.parseInt(m.group(2)), layer, m.group(4));
    }
    int dot = name.lastIndexOf('.');
    String outer = dot < 0 ? null : OUTER.get(name.substring(0, dot));
    return outer == null ? name : outer + name.substring(dot);
  }
}
