package engine.report;

import java.util.Base64;
import java.util.Locale;

/** The few pieces of HTML that every section needs. */
final class Html {
  private Html() {}

  /** {@code text} so that it is text, in an element or a quoted attribute, whatever it holds. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int cp : text.codePoints().toArray()) {
      switch (cp) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.appendCodePoint(cp);
        default -> out.appendCodePoint(isText(cp) ? cp : 0xFFFD);
      }
    }
    return out.toString();
  }

  /** A name from outside: escaped, and its writing direction kept to itself. */
  static String name(String text) {
    return "<bdi>" + escape(text) + "</bdi>";
  }

  static String section(String heading, String remark, String body) {
    String aside = remark.isBlank() ? "" : "<p class=\"remark\">" + escape(remark) + "</p>";
    return "<section>\n<h2>%s</h2>%s\n%s</section>\n".formatted(escape(heading), aside, body);
  }

  /** A bar of {@code share} (0 to 1) of the cell's width. */
  static String bar(double share) {
    double width = Double.isNaN(share) ? 0 : Math.clamp(share * 100, 0, 100);
    return String.format(
        Locale.ROOT, "<span class=\"bar\"><i style=\"width:%.4g%%\"></i></span>", width);
  }

  /** A PNG or JPEG as a data URI. */
  static String dataUri(byte[] image) {
    boolean png = image.length > 1 && image[0] == (byte) 0x89 && image[1] == 'P';
    String type = png ? "image/png" : "image/jpeg";
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(image);
  }

  private static boolean isText(int cp) {
    boolean bidiControl = cp >= 0x202A && cp <= 0x202E || cp >= 0x2066 && cp <= 0x2069;
    boolean loneSurrogate = cp >= 0xD800 && cp <= 0xDFFF;
    return !Character.isISOControl(cp) && !bidiControl && !loneSurrogate;
  }
}
