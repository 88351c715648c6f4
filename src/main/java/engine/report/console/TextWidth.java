package engine.report.console;

/** How many terminal columns a text takes, and cutting it to fit. */
final class TextWidth {
  private TextWidth() {}

  /** Columns of {@code text}: 2 for East Asian wide characters and emoji, 0 for combining marks. */
  static int of(String text) {
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
   * {@code text} with control characters shown as {@code ?}: a file name must not move the cursor.
   */
  static String printable(String text) {
    return text.codePoints()
        .map(cp -> Character.isISOControl(cp) || isBidiControl(cp) ? '?' : cp)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isBidiControl(int cp) {
    return cp >= 0x202A && cp <= 0x202E || cp >= 0x2066 && cp <= 0x2069;
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
