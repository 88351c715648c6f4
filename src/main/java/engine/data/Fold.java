package engine.data;

import engine.base.Seeds;
import engine.base.Setting;
import engine.base.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One of several equal parts of the pictures, each of which is held out once: {@code 2/5}.
 *
 * @param index from 1
 * @param of how many parts there are
 */
public record Fold(int index, int of) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})/(\\d{1,4})");
  private static final int MOST = 100;

  public Fold {
    if (of < 2 || of > MOST || index < 1 || index > of) {
      throw wrong(index + "/" + of);
    }
  }

  /** Reads {@code 2/5}; null for null. */
  public static Fold parse(String text) {
    if (text == null) {
      return null;
    }
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      throw wrong(text);
    }
    return new Fold(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }

  private static UserError wrong(String text) {
    return new UserError(
        "%s takes which of how many parts, such as 2/5, up to %d of them; not '%s'"
            .formatted(Setting.FOLD, MOST, text));
  }

  /**
   * Holds this part of every class out. The parts of one seed have no picture in common and are all
   * pictures together, but for classes with a single one, which is always trained on.
   *
   * @param labels class of each picture
   */
  StratifiedSplit split(int[] labels, int classes, long seed) {
    int[] part = new int[labels.length];
    Arrays.fill(part, -1);
    int[] sizes = new int[classes];
    int dealt = 0;
    for (int c = 0; c < classes; c++) {
      int k = c;
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == k).toArray();
      sizes[c] = members.length;
      if (members.length < 2) {
        continue;
      }
      Seeds.shuffle(members, Seeds.stream(seed, c));
      for (int m : members) {
        part[m] = dealt++ % of; // on from class to class, so that parts are of one size
      }
    }
    int[] all = IntStream.range(0, labels.length).toArray();
    List<Integer> single = IntStream.range(0, classes).filter(c -> sizes[c] == 1).boxed().toList();
    return new StratifiedSplit(
        Arrays.stream(all).filter(i -> part[i] != index - 1).toArray(),
        Arrays.stream(all).filter(i -> part[i] == index - 1).toArray(),
        single);
  }

  @Override
  public String toString() {
    return index + "/" + of;
  }
}
