package engine.data;

import engine.base.Seeds;
import engine.base.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A split into training and validation that keeps every class's share: {@code round(n *
 * valFraction)} pictures of each class go to validation, but at least one where the class has two
 * or more, and at least one always stays in training.
 *
 * @param train numbers of the training pictures, ascending
 * @param val numbers of the validation pictures, ascending
 * @param trainOnly classes with a single picture: it is in training, so validation never sees them
 */
public record StratifiedSplit(int[] train, int[] val, List<Integer> trainOnly) {

  /**
   * Splits by a random choice within each class. The choice depends on the seed and the class's own
   * pictures only.
   *
   * @param labels class of each picture, {@code 0 <= label < classes}
   * @param valFraction share of validation, between 0 and 1
   */
  public static StratifiedSplit of(int[] labels, int classes, double valFraction, long seed) {
    if (!(valFraction > 0 && valFraction < 1)) {
      throw new UserError(
          "the validation share must be between 0 and 1, such as 0.2, not " + valFraction);
    }
    int[][] members = members(labels, classes);
    boolean[] held = new boolean[labels.length];
    for (int c = 0; c < classes; c++) {
      SplittableRandom random = Seeds.stream(seed, c);
      int[] shuffled = members[c].clone();
      Seeds.shuffle(shuffled, random);
      for (int i = 0; i < validationCount(shuffled.length, valFraction); i++) {
        held[shuffled[i]] = true;
      }
    }
    List<Integer> single =
        IntStream.range(0, classes).filter(c -> members[c].length == 1).boxed().toList();
    int[] all = IntStream.range(0, labels.length).toArray();
    return new StratifiedSplit(
        Arrays.stream(all).filter(i -> !held[i]).toArray(),
        Arrays.stream(all).filter(i -> held[i]).toArray(),
        single);
  }

  /**
   * The numbers of each class's pictures, ascending; in one pass, since a table may have a class a
   * picture.
   */
  public static int[][] members(int[] labels, int classes) {
    int[] sizes = new int[classes];
    for (int label : labels) {
      sizes[label]++;
    }
    int[][] members = new int[classes][];
    for (int c = 0; c < classes; c++) {
      members[c] = new int[sizes[c]];
    }
    Arrays.fill(sizes, 0);
    for (int i = 0; i < labels.length; i++) {
      members[labels[i]][sizes[labels[i]]++] = i;
    }
    return members;
  }

  private static int validationCount(int n, double fraction) {
    return n < 2 ? 0 : Math.clamp(Math.round(n * fraction), 1, n - 1);
  }
}
