package engine.weights;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * timm's names of the layers of an EfficientNet, plain or Lite. Its ResNets have torchvision's
 * names already.
 */
public final class TimmEfficientNetNames implements LayerNames {
  public static final LayerNames NAMES = new TimmEfficientNetNames(true);

  /** Of an EfficientNet-Lite, which has no squeeze-and-excitation between the others. */
  public static final LayerNames LITE = new TimmEfficientNetNames(false);

  private static final Pattern BLOCK =
      Pattern.compile("blocks\\.(\\d{1,2})\\.(\\d{1,3})\\.(conv_\\w+|bn\\d|se\\.conv_\\w+)\\.(.+)");

  private static final Map<String, String> OUTER =
      Map.of(
          "conv_stem", "features.0.0",
          "bn1", "features.0.1",
          "conv_head", "features.8.0",
          "bn2", "features.8.1",
          "classifier", "classifier.1");

  private static final Set<String> MODULES =
      Set.of("conv_stem", "bn1", "blocks", "conv_head", "bn2");

  private final boolean squeezes;

  /** Of a block of the first stage, which does not widen. */
  private final Map<String, String> separable;

  private final Map<String, String> inverted;

  private TimmEfficientNetNames(boolean squeezes) {
    this.squeezes = squeezes;
    separable = places(squeezes, "conv_dw bn1", "conv_pw bn2");
    inverted = places(squeezes, "conv_pw bn1", "conv_dw bn2", "conv_pwl bn3");
  }

  /**
   * @param layers a convolution and its norm, in their order
   */
  private static Map<String, String> places(boolean squeezes, String... layers) {
    Map<String, String> out = new HashMap<>();
    int place = 0;
    for (int i = 0; i < layers.length; i++) {
      if (squeezes && i == layers.length - 1) {
        out.put("se.conv_reduce", place + ".fc1");
        out.put("se.conv_expand", place++ + ".fc2");
      }
      String[] pair = layers[i].split(" ");
      out.put(pair[0], place + ".0");
      out.put(pair[1], place++ + ".1");
    }
    return out;
  }

  @Override
  public boolean haveDoubles() {
    return true;
  }

  @Override
  public Set<String> modules() {
    return MODULES;
  }

  @Override
  public String deep() {
    return "blocks.0.0.conv_dw.weight";
  }

  /** Its MobileNetV3 has no norm at its head, and its MobileNetV2 other depths. */
  @Override
  public boolean areIn(Collection<String> names) {
    boolean gates = names.contains("blocks.0.0.se.conv_reduce.weight");
    return names.contains("conv_stem.weight")
        && names.contains("bn2.weight")
        && gates == squeezes
        && (gates || layers(names, 1) == layers(names, 2));
  }

  private static int layers(Collection<String> names, int stage) {
    int n = 0;
    while (names.contains("blocks.%d.%d.conv_dw.weight".formatted(stage, n))) {
      n++;
    }
    return n;
  }

  @Override
  public String toTorchvision(String name) {
    Matcher m = BLOCK.matcher(name);
    if (m.matches()) {
      int stage = Integer.parseInt(m.group(1));
      String layer = (stage == 0 ? separable : inverted).get(m.group(3));
      return layer == null
          ? name
          : "features.%d.%s.block.%s.%s".formatted(stage + 1, m.group(2), layer, m.group(4));
    }
    int dot = name.lastIndexOf('.');
    String outer = dot < 0 ? null : OUTER.get(name.substring(0, dot));
    return outer == null ? name : outer + name.substring(dot);
  }
}
