package engine.data;

import engine.base.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which pictures of one set are held out.
 *
 * @param seed chooses them
 * @param fraction share of each class, where there is no fold
 * @param fold the part that is held out, also where the source has a side to validate on, which is
 *     left alone then; null for a share
 */
public record Holdout(long seed, double fraction, Fold fold) {

  /**
   * Splits a set in two.
   *
   * @param what it is, for people
   * @param found what its reader warned of
   */
  Datasets.Split split(String what, Dataset all, List<String> found) {
    int classes = all.classNames().size();
    StratifiedSplit parts =
        fold == null
            ? StratifiedSplit.of(all.labels(), classes, fraction, seed)
            : fold.split(all.labels(), classes, seed);
    if (parts.val().length == 0) {
      throw new UserError(
          fold == null
              ? "every class of %s has a single picture, so none can be held out: add pictures, or a val folder"
                  .formatted(what)
              : "%s has too few pictures for %d parts: take fewer".formatted(what, fold.of()));
    }
    List<String> warnings = new ArrayList<>(found);
    if (!parts.trainOnly().isEmpty()) {
      String names =
          parts.trainOnly().stream().map(all.classNames()::get).collect(Collectors.joining(", "));
      warnings.add(
          "only one picture of %s: it is trained on, and validation says nothing about it"
              .formatted(names));
    }
    return Datasets.Split.of(
        fold == null
            ? "%s, %.0f%% of each class held out".formatted(what, 100 * fraction)
            : "%s, part %d of %d held out".formatted(what, fold.index(), fold.of()),
        new Subset(all, parts.train()),
        new Subset(all, parts.val()),
        warnings);
  }
}
