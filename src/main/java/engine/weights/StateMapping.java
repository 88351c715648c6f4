package engine.weights;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tensor of a file goes where in a model, by name, and what became of the others.
 *
 * @param loaded values for the model's names
 * @param prefix what was taken off the file's names, such as {@code module.}
 * @param others the library by whose names the file has them; null where it has torchvision's
 * @param skipped the file's names that the model has no place for
 * @param missing the model's names that the file has nothing for, counters of batches left out
 * @param differs the model's names whose shape is another in the file, and how
 * @param classifier the layer that starts afresh since the file's has another size or is not there;
 *     null if it was loaded
 */
public record StateMapping(
    Map<String, HostTensor> loaded,
    String prefix,
    LayerNames others,
    List<String> skipped,
    List<String> missing,
    Map<String, String> differs,
    String classifier) {
  private static final String COUNTER = "num_batches_tracked";

  /** Attention that a network may have beyond those that weights are published for. */
  private static final String ADDED = ".cbam.";

  /**
   * The share of a model's tensors that a file must have to be one of that model. One of half the
   * layers, or of other norms, would leave the rest as initialised and give answers all the same.
   */
  private static final double ENOUGH = 0.9;

  private static final int LISTED = 8;

  /**
   * @param model shape of every parameter and buffer by name
   * @param classifier name of the layer that depends on the classes, such as {@code fc}
   * @param known names of other libraries that the file may have
   */
  public static StateMapping of(
      Map<String, Shape> model,
      Map<String, HostTensor> file,
      String classifier,
      List<LayerNames> known) {
    String prefix = new WrapperPrefix(model, file, known).find();
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
    LayerNames others =
        known.stream().filter(n -> n.areIn(named.keySet())).findFirst().orElse(null);
    Map<String, HostTensor> loaded = new LinkedHashMap<>();
    Map<String, String> differs = new LinkedHashMap<>();
    boolean freshClassifier = !named.containsKey(classifier + ".weight") && others == null;
    for (var e : named.entrySet()) {
      String name = others == null ? e.getKey() : others.toTorchvision(e.getKey());
      Shape shape = model.get(name);
      if (shape == null) {
        skipped.add(prefix + e.getKey());
      } else if (shape.equals(e.getValue().shape())) {
        loaded.put(name, e.getValue());
      } else if (others != null && sameButOnes(shape, e.getValue().shape())) {
        HostTensor t = e.getValue();
        loaded.put(name, new HostTensor(t.dtype(), shape, t.data()));
      } else if (name.startsWith(classifier + ".")) {
        freshClassifier = true;
      } else {
        differs.put(name, e.getValue().shape() + " there and " + shape + " here");
      }
    }
    boolean fresh = freshClassifier || !loaded.containsKey(classifier + ".weight");
    if (fresh) {
      loaded.keySet().removeIf(n -> n.startsWith(classifier + "."));
    }
    List<String> missing =
        model.keySet().stream()
            .filter(n -> !loaded.containsKey(n) && !differs.containsKey(n))
            .filter(n -> !n.endsWith(COUNTER) && !(fresh && n.startsWith(classifier + ".")))
            .toList();
    return new StateMapping(
        loaded, prefix, others, List.copyOf(skipped), missing, differs, fresh ? classifier : null);
  }

  /** Whether two shapes differ by extents of 1 alone, so that their values lie alike. */
  private static boolean sameButOnes(Shape a, Shape b) {
    return Arrays.equals(
        Arrays.stream(a.dims()).filter(d -> d != 1).toArray(),
        Arrays.stream(b.dims()).filter(d -> d != 1).toArray());
  }

  /** Whether the names are another library's. */
  public boolean foreignNames() {
    return others != null;
  }

  /**
   * @param what the model and the file, for the message
   * @throws UserError if these are weights of another model
   */
  public void requireSameModel(String what) {
    List<String> wanted = missing.stream().filter(n -> !n.contains(ADDED)).toList();
    if (loaded.isEmpty() && differs.isEmpty()) {
      List<String> there = skipped.stream().filter(n -> !n.endsWith(COUNTER)).toList();
      throw new UserError(
          ("%s have nothing of this network: %s; use the weights' own " + Setting.MODEL)
              .formatted(
                  what, there.isEmpty() ? "there is no tensor" : "they have " + some(there)));
    }
    if (!differs.isEmpty()) {
      List<String> shapes =
          differs.entrySet().stream().map(e -> e.getKey() + " is " + e.getValue()).toList();
      throw new UserError(
          ("%s do not fit: %s; use the weights' own "
                  + Setting.MODEL
                  + ", "
                  + Setting.WIDTH
                  + " and "
                  + Setting.STEM)
              .formatted(what, some(shapes)));
    }
    List<String> foreign = foreign();
    if (!foreign.isEmpty()) {
      throw new UserError(
          ("%s do not fit: they are of another network, whose %s %s no place in this one; use the weights' own "
                  + Setting.MODEL)
              .formatted(what, some(foreign), foreign.size() == 1 ? "has" : "have"));
    }
    if (loaded.size() < ENOUGH * (loaded.size() + wanted.size())) {
      throw new UserError(
          ("%s do not fit: only %d of %s %s there by name, without %s; use the weights' own "
                  + Setting.MODEL)
              .formatted(
                  what,
                  loaded.size(),
                  Units.count(loaded.size() + wanted.size(), "tensor"),
                  loaded.size() == 1 ? "is" : "are",
                  some(wanted)));
    }
  }

  /**
   * Names without a place that lie inside the model's own modules, as those of a deeper network do;
   * beside them a file may hold other heads and whole other models.
   */
  private List<String> foreign() {
    Set<String> modules = new HashSet<>(others == null ? Set.of() : others.modules());
    loaded.keySet().forEach(n -> modules.add(module(n)));
    missing.forEach(n -> modules.add(module(n)));
    if (classifier != null) {
      modules.remove(module(classifier));
    }
    return skipped.stream()
        .filter(n -> n.startsWith(prefix) && !n.endsWith(COUNTER))
        .filter(n -> modules.contains(module(n.substring(prefix.length()))))
        .toList();
  }

  private static String module(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The report, a line a fact. */
  public List<String> lines() {
    List<String> out = new ArrayList<>();
    String how = prefix.isEmpty() ? "" : ", '" + prefix + "' taken off their names";
    out.add(
        "%s loaded%s%s"
            .formatted(
                Units.count(loaded.size(), "tensor"),
                how,
                others == null ? "" : ", by " + others.library() + "'s names"));
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
      out.add("%d %s: %s".formatted(names.size(), what, some(names)));
    }
  }

  /** The first names and how many more there are. */
  private static String some(List<String> names) {
    String first =
        names.stream().limit(LISTED).map(ZipEntries::plain).collect(Collectors.joining(", "));
    return names.size() > LISTED ? first + ", and %d more".formatted(names.size() - LISTED) : first;
  }
}
