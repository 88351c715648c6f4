package engine.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The shell of a page without a script: its head, its looks, and its title. */
final class Page {
  private Page() {}

  /**
   * The whole page.
   *
   * @param body HTML: the rest of the header, which the title opens, and what follows it
   */
  static String html(String title, String subtitle, String body) {
    StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n");
    out.append("<meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.append("style-src 'unsafe-inline'; img-src data:\">\n");
    out.append("<title>").append(Html.escape(title)).append("</title>\n");
    out.append("<style>\n").append(css()).append("</style>\n</head>\n<body>\n");
    out.append("<header>\n<h1>").append(Html.escape(title)).append("</h1>\n");
    if (!subtitle.isBlank()) {
      out.append("<p class=\"sub\">").append(Html.escape(subtitle)).append("</p>\n");
    }
    return out.append(body).append("</body>\n</html>\n").toString();
  }

  private static String css() {
    try (InputStream in = Page.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is missing from the jar; build it anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css cannot be read", e);
    }
  }
}
