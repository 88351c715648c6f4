package engine.weights;

import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tensor of a file goes where in a model, by name, and what became of the others.
 *
 * @param loaded values for the model's names
 * @param prefix what was taken off the file's names, such as {@code module.}
 * @param timm whether the names were timm's
 * @param skipped the file's names that the model has no place for
 * @param missing the model's names that the file has nothing for, counters of batches left out
 * @param differs the model's names whose shape is another in the file, and how
 * @param classifier the layer that starts afresh since the file's has another size or is not there;
 *     null if it was loaded
 */
public record StateMapping(
    Map<String, HostTensor> loaded,
    String prefix,
    boolean timm,
    List<String> skipped,
    List<String> missing,
    Map<String, String> differs,
    String classifier) {
  /** What wrappers of models put before every name. */
  private static final List<String> PREFIXES =
      List.of("module.", "_orig_mod.", "backbone.", "model.", "encoder.", "net.", "student.");

  private static final String COUNTER = "num_batches_tracked";

  /** The share of a model's tensors that a file must have to be one of that model. */
  private static final double ENOUGH = 0.5;

  private static final int LISTED = 3;

  /**
   * @param model shape of every parameter and buffer by name
   * @param classifier name of the layer that depends on the classes, such as {@code fc}
   */
  public static StateMapping of(
      Map<String, Shape> model, Map<String, HostTensor> file, String classifier) {
    String prefix = prefix(model, file);
    Map<String, HostTensor> named = new LinkedHashMap<>();
    List<String> skipped = new ArrayList<>();
    file.forEach(
        (name, t) -> {
          if (name.startsWith(prefix)) {
            named.put(name.substring(prefix.length()), t);
          } else {
            skipped.add(name);
          }
        });
    boolean timm = TimmNames.areIn(named.keySet());
    Map<String, HostTensor> loaded = new LinkedHashMap<>();
    Map<String, String> differs = new LinkedHashMap<>();
    boolean freshClassifier = !named.containsKey(classifier + ".weight") && !timm;
    for (var e : named.entrySet()) {
      String name = timm ? TimmNames.toTorchvision(e.getKey()) : e.getKey();
      Shape shape = model.get(name);
      if (shape == null) {
        skipped.add(prefix + e.getKey());
      } else if (shape.equals(e.getValue().shape())) {
        loaded.put(name, e.getValue());
      } else if (name.startsWith(classifier + ".")) {
        freshClassifier = true;
      } else {
        differs.put(name, e.getValue().shape() + " there and " + shape + " here");
      }
    }
    freshClassifier |= timm && !loaded.containsKey(classifier + ".weight");
    if (freshClassifier) {
      loaded.keySet().removeIf(n -> n.startsWith(classifier + "."));
    }
    List<String> missing =
        model.keySet().stream()
            .filter(n -> !loaded.containsKey(n) && !differs.containsKey(n))
            .filter(n -> !n.endsWith(COUNTER) && !n.startsWith(classifier + "."))
            .toList();
    return new StateMapping(
        loaded,
        prefix,
        timm,
        List.copyOf(skipped),
        missing,
        differs,
        freshClassifier ? classifier : null);
  }

  /** The prefix, of none, one or several wrappers, with which most names are the model's. */
  private static String prefix(Map<String, Shape> model, Map<String, HostTensor> file) {
    String best = "";
    for (boolean longer = true; longer; ) {
      longer = false;
      for (String p : PREFIXES) {
        if (known(model, file, best + p) > known(model, file, best)
            || file.keySet().stream().allMatch(n -> n.startsWith(p)) && best.isEmpty()) {
          best += p;
          longer = true;
        }
      }
    }
    return best;
  }

  private static long known(Map<String, Shape> model, Map<String, HostTensor> file, String prefix) {
    return file.keySet().stream()
        .filter(n -> n.startsWith(prefix))
        .map(n -> n.substring(prefix.length()))
        .filter(n -> model.containsKey(n) || model.containsKey(TimmNames.toTorchvision(n)))
        .count();
  }

  /**
   * @param what the model and the file, for the message
   * @throws UserError if these are weights of another model
   */
  public void requireSameModel(String what) {
    long wanted = loaded.size() + missing.size() + differs.size();
    if (!differs.isEmpty()) {
      var first = differs.entrySet().iterator().next();
      throw new UserError(
          "%s do not fit: %s is %s%s; use the weights' own --model, --width and --stem"
              .formatted(
                  what,
                  first.getKey(),
                  first.getValue(),
                  differs.size() > 1 ? ", and " + (differs.size() - 1) + " more differ" : ""));
    }
    if (loaded.size() < ENOUGH * wanted) {
      throw new UserError(
          "%s do not fit: only %d of %d tensors are there by name%s; use the weights' own --model"
              .formatted(
                  what,
                  loaded.size(),
                  wanted,
                  skipped.isEmpty() ? "" : ", and " + skipped.getFirst() + " has no place"));
    }
  }

  /** The report, a line a fact. */
  public List<String> lines() {
    List<String> out = new ArrayList<>();
    String how = prefix.isEmpty() ? "" : ", '" + prefix + "' taken off their names";
    out.add("%d tensors loaded%s%s".formatted(loaded.size(), how, timm ? ", by timm's names" : ""));
    if (classifier != null) {
      out.add("the classifier " + classifier + " starts afresh: the file has none of this size");
    }
    list(out, missing, "not in the file, so as initialised");
    list(out, skipped, "in the file without a place in the model");
    list(out, differs.entrySet().stream().map(Object::toString).toList(), "of another shape");
    return out;
  }

  private static void list(List<String> out, List<String> names, String what) {
    if (!names.isEmpty()) {
      String first = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
      String more = names.size() > LISTED ? ", and %d more".formatted(names.size() - LISTED) : "";
      out.add("%d %s: %s%s".formatted(names.size(), what, first, more));
    }
  }
}
