package engine.console;

import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many terminal columns a text takes, and cutting it to fit. */
public final class TextWidth {
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private TextWidth() {}

  /** Columns of {@code text}: 2 for East Asian wide characters and emoji, 0 for combining marks. */
  public static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  /** {@code text} in at most {@code width} columns, its end replaced by an ellipsis if need be. */
  static String cut(String text, int width, boolean unicode) {
    if (of(text) <= width) {
      return text;
    }
    String mark = unicode ? "…" : "~";
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int cp : text.codePoints().toArray()) {
      used += of(cp);
      if (used > width - 1) {
        break;
      }
      out.appendCodePoint(cp);
    }
    return width < 1 ? "" : out.append(mark).toString();
  }

  /**
   * {@code text} with what is not printable shown as {@code ?}: a file name must not move the
   * cursor, colour what follows, or turn the direction of a line.
   */
  static String printable(String text) {
    return mapped(text, cp -> isPrintable(cp) ? cp : '?');
  }

  /** The same, but line ends, tabs and the escape sequences of colours pass. */
  static String printableText(String text) {
    StringBuilder out = new StringBuilder();
    Matcher colour = COLOUR.matcher(text);
    int from = 0;
    while (colour.find()) {
      out.append(printableLines(text.substring(from, colour.start()))).append(colour.group());
      from = colour.end();
    }
    return out.append(printableLines(text.substring(from))).toString();
  }

  private static String printableLines(String text) {
    return mapped(text, cp -> cp == '\n' || cp == '\t' || isPrintable(cp) ? cp : '?');
  }

  private static String mapped(String text, IntUnaryOperator of) {
    return text.codePoints()
        .map(of)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /**
   * Whether a character only shows itself: no control character, no separator of lines, no half of
   * a surrogate pair, no mark that turns the direction of text.
   */
  static boolean isPrintable(int cp) {
    return switch (Character.getType(cp)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      case Character.FORMAT -> !isBidiControl(cp);
      default -> true;
    };
  }

  private static boolean isBidiControl(int cp) {
    return cp == 0x061C
        || cp == 0x200E
        || cp == 0x200F
        || cp >= 0x202A && cp <= 0x202E
        || cp >= 0x2066 && cp <= 0x2069;
  }

  private static int of(int cp) {
    int type = Character.getType(cp);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(cp) ? 2 : 1;
  }

  /** The blocks that Unicode's EastAsianWidth.txt has as W or F, to the block. */
  private static boolean isWide(int cp) {
    return cp >= 0x1100 && cp <= 0x115F // Hangul jamo
        || cp >= 0x2E80 && cp <= 0xA4CF && cp != 0x303F // CJK, kana, Yi
        || cp >= 0xAC00 && cp <= 0xD7A3 // Hangul
        || cp >= 0xF900 && cp <= 0xFAFF // CJK compatibility
        || cp >= 0xFE30 && cp <= 0xFE6F
        || cp >= 0xFF00 && cp <= 0xFF60 // full-width forms
        || cp >= 0xFFE0 && cp <= 0xFFE6
        || cp >= 0x1F300 && cp <= 0x1FAFF // emoji
        || cp >= 0x20000 && cp <= 0x3FFFD;
  }
}
