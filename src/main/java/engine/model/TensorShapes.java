package engine.model;

import engine.tensor.Shape;
import engine.weights.LayerNames;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Shapes of a file's tensors by torchvision's names, to be asked which network they are of. A file
 * is a stranger's: any name may be missing, and any shape have any rank.
 *
 * @param others the library by whose names the file itself has them; null where it has
 *     torchvision's
 */
record TensorShapes(Map<String, Shape> all, LayerNames others) {
  /** More than any network has blocks in a stage. */
  private static final int MOST_BLOCKS = 1000;

  /** An extent of a tensor; 0 where there is no such tensor, or none that large. */
  int size(String name, int axis) {
    Shape s = all.get(name);
    return s == null || axis >= s.rank() || s.dim(axis) > Integer.MAX_VALUE ? 0 : (int) s.dim(axis);
  }

  boolean has(String name) {
    return all.containsKey(name);
  }

  /**
   * How many blocks there are, from 0 on without a gap.
   *
   * @param layer name of one tensor of a block, with %d for the block's number
   */
  int blocks(String layer) {
    int n = 0;
    while (n < MOST_BLOCKS && all.containsKey(layer.formatted(n))) {
      n++;
    }
    return n;
  }

  /** The first part of a module that is none of those that are known; null for none. */
  String other(String module, Pattern known) {
    return all.keySet().stream()
        .filter(n -> n.startsWith(module))
        .map(n -> n.substring(module.length()).replaceFirst("\\..*", ""))
        .filter(n -> n.matches("\\w{1,20}") && !known.matcher(n).matches())
        .findFirst()
        .orElse(null);
  }

  /** Outputs of a classifier; 1 where there is none. */
  int classes(String classifier) {
    return has(classifier + ".weight") ? size(classifier + ".weight", 0) : 1;
  }
}
