package engine.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of efficientnet_pytorch and efficientnet_lite_pytorch, which count a network's blocks
 * without its stages; all their networks pad as TensorFlow does.
 *
 * @param depths blocks of each stage
 * @param squeezes whether blocks have squeeze-and-excitation
 */
public record EfficientNetPytorchNames(List<Integer> depths, boolean squeezes)
    implements LayerNames {
  private static final Pattern BLOCK =
      Pattern.compile("_blocks\\.(\\d{1,3})\\.(_[a-z]+_conv|_bn[012]|_se_[a-z]+)\\.(.+)");

  private static final Set<String> MODULES =
      Set.of("_conv_stem", "_bn0", "_blocks", "_conv_head", "_bn1", "_fc");

  private static final Map<String, String> OUTER =
      Map.of(
          "_conv_stem", "features.0.0",
          "_bn0", "features.0.1",
          "_conv_head", "features.8.0",
          "_bn1", "features.8.1",
          "_fc", "classifier.1");

  public EfficientNetPytorchNames {
    depths = List.copyOf(depths);
  }

  @Override
  public Set<String> modules() {
    return MODULES;
  }

  @Override
  public String deep() {
    return "_blocks.0._depthwise_conv.weight";
  }

  @Override
  public boolean areIn(Collection<String> names) {
    int blocks = depths.stream().mapToInt(Integer::intValue).sum();
    return names.contains("_conv_stem.weight")
        && names.contains("_blocks." + (blocks - 1) + "._depthwise_conv.weight")
        && !names.contains("_blocks." + blocks + "._depthwise_conv.weight")
        && names.contains("_blocks.0._se_reduce.weight") == squeezes;
  }

  @Override
  public String computesAs(String network) {
    return network.startsWith("efficientnet_b") ? "tf_" + network : network;
  }

  @Override
  public String library() {
    return "efficientnet_pytorch";
  }

  @Override
  public String toTorchvision(String name) {
    Matcher m = BLOCK.matcher(name);
    if (!m.matches()) {
      int dot = name.lastIndexOf('.');
      String outer = dot < 0 ? null : OUTER.get(name.substring(0, dot));
      return outer == null ? name : outer + name.substring(dot);
    }
    int at = Integer.parseInt(m.group(1));
    int stage = 0;
    while (stage < depths.size() && at >= depths.get(stage)) {
      at -= depths.get(stage++);
    }
    String layer = places(stage > 0).get(m.group(2));
    return layer == null || stage == depths.size()
        ? name
        : "features.%d.%d.block.%s.%s".formatted(stage + 1, at, layer, m.group(3));
  }

  /**
   * @param widens whether a block begins with a layer that widens
   */
  private Map<String, String> places(boolean widens) {
    List<List<String>> layers = new ArrayList<>();
    if (widens) {
      layers.add(List.of("_expand_conv", "_bn0"));
    }
    layers.add(List.of("_depthwise_conv", "_bn1"));
    if (squeezes) {
      layers.add(List.of("_se_reduce", "_se_expand"));
    }
    layers.add(List.of("_project_conv", "_bn2"));
    Map<String, String> out = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      boolean gate = layers.get(i).getFirst().startsWith("_se");
      out.put(layers.get(i).getFirst(), i + (gate ? ".fc1" : ".0"));
      out.put(layers.get(i).getLast(), i + (gate ? ".fc2" : ".1"));
    }
    return out;
  }
}
