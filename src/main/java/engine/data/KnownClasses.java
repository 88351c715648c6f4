package engine.data;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The classes of a model, or of the training side, that other pictures must be of. Pictures may
 * lack some, which is said with their names; of classes beyond them they have none, or they are
 * left out where that was asked for.
 *
 * @param names in the model's order
 * @param ofModel whether a finished model has them
 * @param ignoreExtra whether to leave out pictures of other classes
 */
public record KnownClasses(List<String> names, boolean ofModel, boolean ignoreExtra) {
  private static final int NAMED = 8;

  static KnownClasses ofTraining(List<String> names) {
    return new KnownClasses(names, false, false);
  }

  /**
   * The pictures with the model's labels.
   *
   * @param where they are, for messages
   * @param warnings to which what is missing and what is left out is added
   * @throws UserError if there are other classes that must not be left out, or no known one
   */
  public Dataset of(Dataset data, Object where, List<String> warnings) {
    if (data.classNames().equals(names)) {
      return data;
    }
    boolean imageNet = ofModel && ImageNetClasses.are(names);
    int[] labels = places(data.classNames(), imageNet);
    int[] pictures = ClassBalance.of(data).counts();
    List<String> own = data.classNames();
    Set<Integer> seen = new HashSet<>();
    List<String> extra = new ArrayList<>();
    int beyond = 0;
    for (int c = 0; c < labels.length; c++) {
      if (labels[c] < 0) {
        extra.add("'%s' (%,d)".formatted(own.get(c), pictures[c]));
        beyond += pictures[c];
      } else if (pictures[c] > 0) {
        seen.add(labels[c]);
      }
    }
    if (seen.isEmpty() && ofModel) {
      throw new UserError(
          "no class of %s is one that the checkpoint knows: it has %s, and the checkpoint %s"
              .formatted(where, few(own), few(names)));
    }
    if (!extra.isEmpty()) {
      ignore(extra, beyond, where, warnings);
    }
    if (!imageNet) {
      tellMissing(seen, where, warnings);
    }
    int[] kept = IntStream.range(0, data.size()).filter(i -> labels[data.label(i)] >= 0).toArray();
    Dataset rest = kept.length == data.size() ? data : new Subset(data, kept);
    return new Relabelled(rest, names, labels);
  }

  /** The model's label of each class of the data; -1 for none. */
  private int[] places(List<String> own, boolean imageNet) {
    if (imageNet) {
      return ImageNetClasses.places(own, names.size());
    }
    Map<String, Integer> places = Names.places(names, "the model");
    return own.stream().mapToInt(c -> places.getOrDefault(Names.form(c), -1)).toArray();
  }

  private void ignore(List<String> extra, int pictures, Object where, List<String> warnings) {
    String which =
        extra.size() == 1
            ? "the class " + extra.getFirst()
            : "%,d classes, %s,".formatted(extra.size(), few(extra));
    if (!ignoreExtra) {
      throw new UserError(
          ofModel
              ? "%s has %s that the checkpoint does not know: take the pictures out (engine eval %s leaves them out)"
                  .formatted(where, which, Setting.IGNORE_EXTRA)
              : "%s of %s %s not among the classes of training: give %s, or take the pictures out"
                  .formatted(
                      which,
                      where,
                      extra.size() == 1 ? "is" : "are",
                      extra.size() == 1 ? "it training pictures" : "them training pictures"));
    }
    warnings.add(
        "%s has %s that the checkpoint does not know: %s left out"
            .formatted(
                where, which, Units.count(pictures, "picture") + (pictures == 1 ? " is" : " are")));
  }

  private void tellMissing(Set<Integer> seen, Object where, List<String> warnings) {
    List<String> missing =
        IntStream.range(0, names.size())
            .filter(c -> !seen.contains(c))
            .mapToObj(names::get)
            .toList();
    if (!missing.isEmpty()) {
      warnings.add(
          "%s has no pictures of %s (%,d of %,d classes), so nothing is measured for %s"
              .formatted(
                  where,
                  few(missing),
                  missing.size(),
                  names.size(),
                  missing.size() == 1 ? "it" : "them"));
    }
  }

  /** The names, or the first of many. */
  private static String few(List<String> all) {
    return all.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (all.size() > NAMED ? " and %,d more".formatted(all.size() - NAMED) : "");
  }
}
