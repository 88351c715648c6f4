package engine.base;

import java.util.Collection;
import java.util.Optional;

/** The word a user most likely meant. */
public final class Suggestion {
  /** No option is nearly as long; the work grows with the length. */
  private static final int LONGEST = 100;

  private Suggestion() {}

  /** The end of a sentence about a name that there is not: the nearest one, or nothing. */
  public static String hint(String typed, Collection<String> words) {
    return to(typed, words).map(w -> "; did you mean " + w + "?").orElse("");
  }

  /** The word with the fewest edits to {@code typed}, if at most a third of it has to change. */
  public static Optional<String> to(String typed, Collection<String> words) {
    if (typed.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int bestEdits = Math.max(1, typed.length() / 3) + 1;
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
