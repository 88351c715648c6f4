package engine.weights;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * timm's names of the layers of a ConvNeXt. Its layer scales have one extent where torchvision's
 * have three, of which two are 1.
 */
public final class TimmConvNextNames implements LayerNames {
  public static final LayerNames NAMES = new TimmConvNextNames();

  private static final String DEEP = "stages.0.blocks.0.conv_dw.weight";

  private static final Pattern BLOCK =
      Pattern.compile("stages\\.(\\d)\\.blocks\\.(\\d{1,3})\\.(conv_dw|norm|mlp\\.fc[12])\\.(.+)");
  private static final Pattern SCALE =
      Pattern.compile("stages\\.(\\d)\\.blocks\\.(\\d{1,3})\\.gamma");
  private static final Pattern BETWEEN =
      Pattern.compile("stages\\.(\\d)\\.downsample\\.([01])\\.(.+)");

  private static final Map<String, String> INNER =
      Map.of("conv_dw", "0", "norm", "2", "mlp.fc1", "3", "mlp.fc2", "5");

  private static final Map<String, String> OUTER =
      Map.of(
          "stem.0", "features.0.0",
          "stem.1", "features.0.1",
          "head.norm", "classifier.0",
          "head.fc", "classifier.2");

  private TimmConvNextNames() {}

  @Override
  public Set<String> modules() {
    return Set.of("stem", "stages", "head", "norm_pre");
  }

  @Override
  public String deep() {
    return DEEP;
  }

  @Override
  public boolean areIn(Collection<String> names) {
    return names.contains(DEEP);
  }

  @Override
  public String toTorchvision(String name) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      return "features.%d.%s.block.%s.%s"
          .formatted(after(block), block.group(2), INNER.get(block.group(3)), block.group(4));
    }
    Matcher scale = SCALE.matcher(name);
    if (scale.matches()) {
      return "features.%d.%s.layer_scale".formatted(after(scale), scale.group(2));
    }
    Matcher between = BETWEEN.matcher(name);
    if (between.matches()) {
      return "features.%d.%s.%s".formatted(after(between) - 1, between.group(2), between.group(3));
    }
    int dot = name.lastIndexOf('.');
    String outer = dot < 0 ? null : OUTER.get(name.substring(0, dot));
    return outer == null ? name : outer + name.substring(dot);
  }

  /** Where the blocks of a stage are in torchvision's list. */
  private static int after(Matcher stage) {
    return 2 * Integer.parseInt(stage.group(1)) + 1;
  }
}
