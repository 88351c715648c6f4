package engine.cli;

import java.util.Collection;
import java.util.Optional;

/** The word a user most likely meant. */
final class Nearest {
  private Nearest() {}

  /** The word with the fewest edits to {@code typed}, if at most a third of it has to change. */
  static Optional<String> to(String typed, Collection<String> words) {
    String best = null;
    int bestEdits = Math.max(1, typed.length() / 3) + 1;
    for (String word : words) {
      int edits = edits(typed, word);
      if (edits < bestEdits) {
        best = word;
        bestEdits = edits;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein's distance, one row of the table at a time. */
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
