package engine.cli;

import engine.base.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** What {@code --seeds} names: numbers with commas between them, and ranges such as 0..4 or 0-4. */
final class SeedList {
  private static final Pattern RANGE =
      Pattern.compile("(-?\\d{1,18})(?:\\.\\.\\.?|-)(-?\\d{1,18})");
  private static final Pattern ONE = Pattern.compile("-?\\d{1,18}");

  /** Nobody waits for more runs. */
  private static final int MOST = 1000;

  private SeedList() {}

  /**
   * @throws UserError if it is no such list, or has fewer than two seeds or one twice
   */
  static List<Long> of(String text) {
    List<Long> out = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String word = part.strip();
      Matcher range = RANGE.matcher(word);
      if (ONE.matcher(word).matches()) {
        out.add(Long.parseLong(word));
      } else if (range.matches() && span(range) >= 0 && span(range) < MOST) {
        LongStream.rangeClosed(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)))
            .forEach(out::add);
      } else {
        throw wrong(text);
      }
    }
    if (out.size() < 2 || out.size() > MOST || out.stream().distinct().count() < out.size()) {
      throw wrong(text);
    }
    return out;
  }

  private static long span(Matcher range) {
    return Long.parseLong(range.group(2)) - Long.parseLong(range.group(1));
  }

  private static UserError wrong(String text) {
    return new UserError(
        "--seeds takes two or more different whole numbers, such as 0,1,2 or 0..2, not '%s'"
            .formatted(text));
  }
}
