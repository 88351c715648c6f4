package engine.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Command lines that are shown to be typed: a shell reads back what they are made of. */
final class ShellWords {
  private static final String PLAIN = "[\\p{L}\\p{N}@%+=:,./_-]+";

  private ShellWords() {}

  static String quoted(Object word) {
    String text = String.valueOf(word);
    return text.matches(PLAIN) ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  static String line(List<?> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }
}
