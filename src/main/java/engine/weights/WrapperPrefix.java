package engine.weights;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What wrappers of models, such as {@code module.}, put before the names of a file's tensors.
 *
 * @param known names of other libraries that the file may have
 */
record WrapperPrefix(
    Map<String, Shape> model, Map<String, HostTensor> file, List<LayerNames> known) {
  /** Usual ones, where no name tells. */
  private static final List<String> USUAL =
      List.of("module.", "_orig_mod.", "backbone.", "model.", "encoder.", "net.", "student.");

  /** Names of a file that are tried for a prefix; wrappers of several models have two or three. */
  private static final int MOST = 20;

  /**
   * The prefix, of none, one or several wrappers, with which most names are the model's. The
   * model's deepest name is looked for at the end of the file's, so that wrappers may have any
   * name.
   */
  String find() {
    String best = usual();
    long most = count(best);
    Set<String> endings =
        Stream.concat(Stream.of(deepest(model.keySet())), known.stream().map(LayerNames::deep))
            .map(n -> "." + n)
            .collect(Collectors.toSet());
    List<String> candidates =
        file.keySet().stream()
            .flatMap(
                n ->
                    endings.stream()
                        .filter(n::endsWith)
                        .map(e -> n.substring(0, n.length() - e.length() + 1)))
            .limit(MOST)
            .toList();
    for (String p : candidates) {
      long count = count(p);
      if (count > most) {
        most = count;
        best = p;
      }
    }
    return best;
  }

  private static String deepest(Collection<String> names) {
    String deepest = "";
    for (String n : names) {
      if (dots(n) > dots(deepest)) {
        deepest = n;
      }
    }
    return deepest;
  }

  private static long dots(String name) {
    return name.chars().filter(c -> c == '.').count();
  }

  private String usual() {
    String best = "";
    for (boolean longer = true; longer; ) {
      longer = false;
      for (String p : USUAL) {
        if (count(best + p) > count(best)
            || file.keySet().stream().allMatch(n -> n.startsWith(p)) && best.isEmpty()) {
          best += p;
          longer = true;
        }
      }
    }
    return best;
  }

  /** Of the names with a prefix those that the model has. */
  private long count(String prefix) {
    return file.keySet().stream()
        .filter(n -> n.startsWith(prefix))
        .map(n -> n.substring(prefix.length()))
        .filter(
            n ->
                model.containsKey(n)
                    || known.stream().anyMatch(k -> model.containsKey(k.toTorchvision(n))))
        .count();
  }
}
