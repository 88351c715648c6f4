package engine.weights;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** timm's names of the layers of an EfficientNet. Its ResNets have torchvision's names already. */
public final class TimmEfficientNetNames implements LayerNames {
  public static final LayerNames NAMES = new TimmEfficientNetNames();

  private static final Pattern BLOCK =
      Pattern.compile("blocks\\.(\\d{1,2})\\.(\\d{1,3})\\.(conv_\\w+|bn\\d|se\\.conv_\\w+)\\.(.+)");

  private static final Map<String, String> OUTER =
      Map.of(
          "conv_stem", "features.0.0",
          "bn1", "features.0.1",
          "conv_head", "features.8.0",
          "bn2", "features.8.1",
          "classifier", "classifier.1");

  /** A block of the first stage, which does not widen. */
  private static final Map<String, String> SEPARABLE =
      Map.of(
          "conv_dw", "0.0",
          "bn1", "0.1",
          "se.conv_reduce", "1.fc1",
          "se.conv_expand", "1.fc2",
          "conv_pw", "2.0",
          "bn2", "2.1");

  private static final Map<String, String> INVERTED =
      Map.of(
          "conv_pw", "0.0",
          "bn1", "0.1",
          "conv_dw", "1.0",
          "bn2", "1.1",
          "se.conv_reduce", "2.fc1",
          "se.conv_expand", "2.fc2",
          "conv_pwl", "3.0",
          "bn3", "3.1");

  private static final Set<String> MODULES =
      Set.of("conv_stem", "bn1", "blocks", "conv_head", "bn2");

  private TimmEfficientNetNames() {}

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

  @Override
  public boolean areIn(Collection<String> names) {
    return names.contains("conv_stem.weight");
  }

  @Override
  public String toTorchvision(String name) {
    Matcher m = BLOCK.matcher(name);
    if (m.matches()) {
      int stage = Integer.parseInt(m.group(1));
      String layer = (stage == 0 ? SEPARABLE : INVERTED).get(m.group(3));
      return layer == null
          ? name
          : "features.%d.%s.block.%s.%s".formatted(stage + 1, m.group(2), layer, m.group(4));
    }
    int dot = name.lastIndexOf('.');
    String outer = dot < 0 ? null : OUTER.get(name.substring(0, dot));
    return outer == null ? name : outer + name.substring(dot);
  }
}
