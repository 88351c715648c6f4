package engine.report;

/** The shell of a page: its head, its looks, its title, and its script where there are charts. */
final class Page {
  private Page() {}

  /**
   * The whole page, without a script.
   *
   * @param body HTML: the rest of the header, which the title opens, and what follows it
   */
  static String html(String title, String subtitle, String body) {
    return html(title, subtitle, body, "");
  }

  /** The same with the script that draws each {@link Chart} in it. */
  static String withCharts(String title, String subtitle, String body) {
    return html(title, subtitle, body, PageScript.text());
  }

  private static String html(String title, String subtitle, String body, String script) {
    boolean charts = !script.isEmpty();
    StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n");
    out.append("<meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.append("style-src 'unsafe-inline'; img-src data:");
    out.append(charts ? "; script-src " + PageScript.source(script) : "").append("\">\n");
    out.append("<title>").append(Html.escape(title)).append("</title>\n");
    out.append("<style>\n").append(charts ? PageScript.css() + "\n" : "");
    out.append(PageScript.read("report.css")).append("</style>\n</head>\n<body>\n");
    out.append("<header>\n<h1>").append(Html.escape(title)).append("</h1>\n");
    if (!subtitle.isBlank()) {
      out.append("<p class=\"sub\">").append(Html.escape(subtitle)).append("</p>\n");
    }
    out.append(body);
    if (charts) {
      out.append("<script>").append(script).append("</script>\n");
    }
    return out.append("</body>\n</html>\n").toString();
  }
}
