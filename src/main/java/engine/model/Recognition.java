package engine.model;

import engine.base.UserError;
import engine.tensor.Shape;
import engine.weights.LayerNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which networks a file of weights holds, told from the names and the shapes of its tensors. */
public final class Recognition {
  /** Wrappers of several models have two or three. */
  private static final int MOST_PREFIXES = 20;

  private Recognition() {}

  /**
   * A network that a file holds.
   *
   * @param prefix of its tensors' names, such as {@code module.}; empty for none
   * @param config without dropout; of a file without a classifier, of one class
   * @param classifies whether the file has its classifier
   * @param others the library by whose names the file has them; null where it has torchvision's
   */
  public record Found(String prefix, NetworkConfig config, boolean classifies, LayerNames others) {}

  /**
   * All that a file holds; of one prefix there are several where nothing tells them apart.
   *
   * @throws UserError to follow the name of the file, if there is none but one of a known kind
   */
  public static List<Found> of(Map<String, Shape> shapes) {
    List<Found> out = new ArrayList<>();
    UserError near = null;
    for (String prefix : prefixes(shapes.keySet())) {
      Map<String, Shape> bare = without(prefix, shapes);
      LayerNames others =
          Models.otherNames().stream().filter(n -> n.areIn(bare.keySet())).findFirst().orElse(null);
      TensorShapes own = named(others, bare);
      for (ModelFamily<?> f : Models.families()) {
        try {
          f.weights()
              .reader()
              .read(own)
              .forEach(
                  c -> out.add(new Found(prefix, c, own.has(c.classifier() + ".weight"), others)));
        } catch (UserError e) {
          near = near == null ? e : near;
        } catch (IllegalArgumentException e) {
          near = near == null ? new UserError("cannot be used: " + e.getMessage(), e) : near;
        }
      }
    }
    if (out.isEmpty() && near != null) {
      throw near;
    }
    return out;
  }

  /** What stands before a name that networks have, whatever the library that gave it. */
  private static Set<String> prefixes(Set<String> names) {
    List<String> deep =
        Stream.concat(
                Models.families().stream().map(f -> f.weights().deep()),
                Models.otherNames().stream().map(LayerNames::deep))
            .toList();
    Set<String> out = new LinkedHashSet<>();
    for (String n : names) {
      for (String d : deep) {
        if (out.size() < MOST_PREFIXES && (n.equals(d) || n.endsWith("." + d))) {
          out.add(n.substring(0, n.length() - d.length()));
        }
      }
    }
    return out;
  }

  private static Map<String, Shape> without(String prefix, Map<String, Shape> shapes) {
    Map<String, Shape> own = new LinkedHashMap<>();
    shapes.forEach(
        (n, s) -> {
          if (n.startsWith(prefix)) {
            own.put(n.substring(prefix.length()), s);
          }
        });
    return own;
  }

  private static TensorShapes named(LayerNames others, Map<String, Shape> own) {
    if (others == null) {
      return new TensorShapes(own, null);
    }
    Map<String, Shape> named = new LinkedHashMap<>();
    own.forEach((n, s) -> named.put(others.toTorchvision(n), s));
    return new TensorShapes(named, others);
  }
}
