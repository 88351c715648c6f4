package engine.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The word a user most likely meant. */
public final class Suggestion {
  /** No option is nearly as long; the work grows with the length. */
  private static final int LONGEST = 100;

  /** Names beside a misspelt one that are looked at. */
  private static final int MOST_NAMES = 10_000;

  private Suggestion() {}

  /** The end of a sentence about a name that there is not: the nearest one, or nothing. */
  public static String hint(String typed, Collection<String> words) {
    return to(typed, words).map(w -> "; did you mean " + w + "?").orElse("");
  }

  /**
   * The end of a sentence about a file or folder that there is not: the name beside it that was
   * most likely meant, or nothing.
   *
   * @param wanted which of the names beside it may be meant
   */
  public static String beside(Path missing, Predicate<Path> wanted) {
    Path name = missing.getFileName();
    Path folder = missing.toAbsolutePath().getParent();
    if (name == null || folder == null || !Files.isDirectory(folder)) {
      return "";
    }
    try (Stream<Path> s = Files.list(folder)) {
      List<String> names =
          s.limit(MOST_NAMES).filter(wanted).map(p -> p.getFileName().toString()).toList();
      String typed = name.toString();
      int dot = typed.lastIndexOf('.');
      int stem = dot > 0 ? dot : typed.length(); // an extension is seldom what was mistyped
      // Another picture of a numbered series is another picture.
      String series = typed.replaceAll("\\d", "0");
      return nearest(
              typed,
              names.stream().filter(n -> !n.replaceAll("\\d", "0").equals(series)).toList(),
              Math.max(1, stem / 3))
          .map(n -> "; did you mean " + missing.resolveSibling(n) + "?")
          .orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // who cannot look has nothing to suggest
    }
  }

  /** The word with the fewest edits to {@code typed}, if at most a third of it has to change. */
  public static Optional<String> to(String typed, Collection<String> words) {
    return nearest(typed, words, Math.max(1, typed.length() / 3));
  }

  private static Optional<String> nearest(String typed, Collection<String> words, int mostEdits) {
    if (typed.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int bestEdits = mostEdits + 1;
    for (String word : words) {
      int edits = word.equalsIgnoreCase(typed) ? 0 : edits(typed, word);
      if (edits < bestEdits) {
        best = word;
        bestEdits = edits;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that turn {@code a} into {@code b}
   * (optimal string alignment), three rows of the table at a time.
   */
  static int edits(String a, String b) {
    int[] twoBefore = new int[b.length() + 1];
    int[] before = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] free = twoBefore;
      twoBefore = before;
      before = row;
      row = free;
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, 1 + Math.min(before[j], row[j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], 1 + twoBefore[j - 2]);
        }
      }
    }
    return row[b.length()];
  }
}
