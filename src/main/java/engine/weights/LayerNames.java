package engine.weights;

import java.util.Collection;
import java.util.Set;

/**
 * Another library's names for the layers of a family of networks, which here have torchvision's. A
 * family whose weights are published under other names has one in its line of the table of models.
 */
public interface LayerNames {
  /** Whether a file with tensors of these names has them by this library's names. */
  boolean areIn(Collection<String> names);

  /** The name in torchvision's words, or as it is where the library has no other. */
  String toTorchvision(String name);

  /** Whether networks that compute something else have weights of the same names and shapes. */
  default boolean haveDoubles() {
    return false;
  }

  /** The library, for people. */
  default String library() {
    return "timm";
  }

  /**
   * Which network weights of these names are of.
   *
   * @param network one that has their shapes, which may compute something else
   */
  default String computesAs(String network) {
    return network;
  }

  /** What stands at the outermost level. */
  Set<String> modules();

  /**
   * A name that every network of the family has once, by which what wrappers put before is found.
   */
  String deep();
}
