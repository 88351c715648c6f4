package engine.report;

import java.util.Locale;

/** Numbers and elements of SVG drawings. */
final class Svg {
  private Svg() {}

  /** A coordinate with at most two decimals. */
  static String number(double x) {
    String text = String.format(Locale.ROOT, "%.2f", x);
    return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
  }

  static String line(String type, double x1, double y1, double x2, double y2) {
    return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
        .formatted(type, number(x1), number(y1), number(x2), number(y2));
  }

  /** Text whose {@code anchor} (start, middle, end) stands at x, on the baseline y. */
  static String text(String type, String anchor, double x, double y, String text) {
    return "<text class=\"%s\" text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n"
        .formatted(type, anchor, number(x), number(y), Html.escape(text));
  }
}
