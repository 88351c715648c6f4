package engine.report;

import engine.console.Units;
import engine.metrics.ClassScore;
import engine.metrics.ClassificationMetrics;
import engine.metrics.ConfusedPair;
import engine.metrics.Interval;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@code report.html}: one file that shows a run or an evaluation anywhere; nothing is fetched, and
 * no script runs but the page's own ({@link PageScript}): its policy forbids both. Its looks are in
 * {@code report.css}.
 */
public final class RunReport {
  private static final int PAIRS = 12;

  /** Shown in place of the matrix of many classes. */
  private static final int PAIRS_OF_MANY = 60;

  private static final int CLASS_ROWS = 1000;

  private final ReportData data;

  private RunReport(ReportData data) {
    this.data = data;
  }

  /**
   * Writes the report of {@code data} to {@code file}, whole or not at all; beside it, where there
   * is an evaluation, its figures as {@code .json} and an overview as {@code .png}.
   *
   * @param decoration guards the overview alone
   */
  public static void write(ReportData data, Path file, Decoration decoration) throws IOException {
    write(data, file, decoration, ReportPicture::png);
  }

  /** Draws an overview as PNG bytes. */
  interface Painter {
    byte[] png(ReportData data) throws IOException;
  }

  static void write(ReportData data, Path file, Decoration decoration, Painter painter)
      throws IOException {
    if (data.metrics() != null) {
      String stem = String.valueOf(file.getFileName()).replaceFirst("\\.html?$", "");
      AtomicFiles.writeBytes(file.resolveSibling(stem + ".json"), utf8(ReportJson.of(data)));
      Path overview = file.resolveSibling(stem + ".png");
      if (!decoration.attempt(
          "the picture " + overview, () -> AtomicFiles.writeBytes(overview, painter.png(data)))) {
        Files.deleteIfExists(overview); // one of earlier figures would be taken for these
      }
    }
    AtomicFiles.writeString(file, html(data));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The page as text. */
  static String html(ReportData data) {
    return new RunReport(data).page();
  }

  private String page() {
    StringBuilder body = new StringBuilder(headlines());
    data.notes().forEach(n -> body.append("<p class=\"note\">" + Html.escape(n) + "</p>\n"));
    body.append("</header>\n<main>\n");
    body.append(Curves.training(data.epochs()));
    if (data.metrics() != null) {
      body.append(confusion(data.metrics())).append(classes(data.metrics()));
    }
    body.append(EvidenceSections.html(data.evidence()));
    body.append(mistakes()).append(latency()).append(configuration());
    body.append("</main>\n");
    return hasCharts()
        ? Page.withCharts(data.title(), data.subtitle(), body.toString())
        : Page.html(data.title(), data.subtitle(), body.toString());
  }

  private boolean hasCharts() {
    return data.metrics() != null || !data.epochs().isEmpty();
  }

  private String headlines() {
    StringBuilder out = new StringBuilder("<dl class=\"headlines\">\n");
    for (Headlines.Headline h : Headlines.of(data).all()) {
      out.append(
          "<div><dt>%s</dt><dd>%s</dd><dd class=\"under\">%s</dd></div>\n"
              .formatted(Html.escape(h.label()), Html.escape(h.value()), Html.escape(h.remark())));
    }
    return out.append("</dl>\n").toString();
  }

  private String confusion(ClassificationMetrics m) {
    StringBuilder out = new StringBuilder();
    boolean few = m.classes() <= ConfusionTable.MAX_CLASSES;
    if (few) {
      out.append("<div class=\"split fitting\">\n<div class=\"card\"><h3>Confusion matrix</h3>");
      out.append("<p class=\"remark\">Rows are true classes, columns predictions;");
      out.append(" the tint is the share of the row.</p>");
      out.append(new ConfusionTable(m, data.classNames()).html()).append("</div>\n");
    }
    List<ConfusedPair> pairs = m.confusion().mostConfused(few ? PAIRS : PAIRS_OF_MANY);
    out.append("<div class=\"card\"><h3>Most confused</h3>");
    if (pairs.size() == PAIRS_OF_MANY) {
      out.append(
          "<p class=\"remark\">The %s most frequent of %s kinds of mistakes.</p>"
              .formatted(pairs.size(), Units.count(m.confusion().confusedPairs())));
    }
    out.append("<div class=\"").append(few ? "scroll" : "scroll tall").append("\">");
    if (pairs.isEmpty()) {
      out.append("<p class=\"remark\">Every prediction is right.</p>");
    } else {
      out.append("<table class=\"figures\"><thead><tr><th>true → predicted</th>");
      out.append("<th class=\"n\">images</th><th class=\"n\">of class</th></tr></thead><tbody>\n");
      for (ConfusedPair p : pairs) {
        out.append(
            "<tr><td>%s <span class=\"to\">→</span> %s</td><td class=\"n\">%s</td>"
                .formatted(name(p.truth()), name(p.predicted()), Units.count(p.count())));
        out.append("<td class=\"n\">").append(Units.percent(p.share())).append("</td></tr>\n");
      }
      out.append("</tbody></table>");
    }
    out.append(few ? "</div></div>\n</div>\n" : "</div></div>\n");
    return Html.section("Evaluation", data.evaluated(), out.toString());
  }

  private String classes(ClassificationMetrics m) {
    StringBuilder out = new StringBuilder("<div class=\"split\">\n<div class=\"card\">");
    List<ClassScore> scores = m.perClass();
    List<Integer> order = order(scores);
    out.append("<h3>By class</h3>");
    if (scores.size() > ConfusionTable.MAX_CLASSES) {
      out.append("<p class=\"remark\">The lowest F1 first");
      out.append(
          order.size() < scores.size()
              ? "; %s of %s classes, all of them are in the .json beside this page"
                  .formatted(Units.count(order.size()), Units.count(scores.size()))
              : "");
      out.append(".</p>");
    }
    out.append("<div class=\"scroll tall\"><table class=\"figures\"><thead><tr>");
    out.append("<th>class</th><th class=\"n\">precision</th><th class=\"n\">recall</th>");
    out.append("<th class=\"n\">F1</th><th></th><th class=\"n\">images</th>");
    out.append("</tr></thead><tbody>\n");
    for (int c : order) {
      ClassScore s = scores.get(c);
      out.append("<tr><td>").append(name(c)).append("</td>");
      out.append(number(Units.percent(s.precision())));
      out.append(recall(m, c, s));
      out.append(number(Units.percent(s.f1())));
      out.append("<td class=\"barcell\">").append(Html.bar(s.f1())).append("</td>");
      out.append(number(Units.count(s.support()))).append("</tr>\n");
    }
    Chart calibration = Curves.calibration(m);
    out.append("</tbody></table></div></div>\n<div>").append(calibration.html());
    out.append(Chart.table("Calibration as a table", List.of(calibration))).append("</div>\n");
    out.append("</div>\n<div class=\"card overall\"><h3>Overall</h3><dl class=\"settings\">\n");
    overall(m)
        .forEach(
            (k, v) -> out.append("<div><dt>" + k + "</dt><dd>" + Html.escape(v) + "</dd></div>\n"));
    out.append("</dl></div>\n");
    return "<section>\n" + out + "</section>\n";
  }

  /**
   * In class order where there are few; else the worst first, those without pictures at the end.
   */
  private static List<Integer> order(List<ClassScore> scores) {
    List<Integer> all = IntStream.range(0, scores.size()).boxed().toList();
    return scores.size() <= ConfusionTable.MAX_CLASSES
        ? all
        : all.stream()
            .sorted(
                Comparator.comparing((Integer c) -> scores.get(c).support() == 0)
                    .thenComparing(c -> scores.get(c).f1()))
            .limit(CLASS_ROWS)
            .toList();
  }

  private static String recall(ClassificationMetrics m, int c, ClassScore s) {
    Interval i = Interval.wilson(m.confusion().count(c, c), s.support());
    return "<td class=\"n\" title=\"95 %%: %s to %s\">%s</td>"
        .formatted(Units.percent(i.low()), Units.percent(i.high()), Units.percent(s.recall()));
  }

  private static Map<String, String> overall(ClassificationMetrics m) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("Accuracy", Units.percent(m.accuracy()));
    rows.put("Balanced accuracy", Units.percent(m.balancedAccuracy()));
    for (int k : new int[] {2, 3, 5}) {
      if (k < m.classes()) {
        rows.put("Top-" + k + " accuracy", Units.percent(m.topK(k)));
      }
    }
    rows.put("Macro precision", Units.percent(m.macro().precision()));
    rows.put("Macro recall", Units.percent(m.macro().recall()));
    rows.put("Macro F1", Units.percent(m.macro().f1()));
    rows.put("Weighted F1", Units.percent(m.weighted().f1()));
    rows.put("Log loss", Units.figure(m.logLoss()));
    rows.put("Calibration error", Units.percent(m.expectedCalibrationError()));
    rows.put("Matthews correlation", Units.figure(m.matthews()));
    rows.put("Cohen’s kappa", Units.figure(m.cohenKappa()));
    if (!Double.isNaN(m.rocAucOvrMacro())) {
      rows.put("ROC-AUC, one vs rest", Units.figure(m.rocAucOvrMacro()));
    }
    return rows;
  }

  private String mistakes() {
    if (data.mistakes().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"gallery\">\n");
    for (ReportData.Mistake m : data.mistakes()) {
      out.append(
          "<figure title=\"%s\"><img src=\"%s\" alt=\"%s\" loading=\"lazy\">"
              .formatted(
                  Html.escape(m.source()),
                  Html.dataUri(m.image()),
                  Html.escape(m.truth() + " taken for " + m.predicted())));
      out.append(
          "<figcaption><span class=\"said\">%s <b>%s</b></span><span class=\"was\">is %s</span>"
              .formatted(
                  Html.name(m.predicted()), Units.percent(m.probability()), Html.name(m.truth())));
      out.append("</figcaption></figure>\n");
    }
    return Html.section(
        "Worst mistakes",
        "Wrong predictions, the most confident first.",
        out.append("</div>\n").toString());
  }

  private String latency() {
    if (data.latency().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"card scroll\"><table class=\"figures\">");
    out.append("<thead><tr><th>setting</th><th class=\"n\">batch</th><th class=\"n\">p50</th>");
    out.append("<th class=\"n\">p99</th><th class=\"n\">images/s</th></tr></thead><tbody>\n");
    for (ReportData.Latency l : data.latency()) {
      out.append("<tr><td>").append(Html.name(l.setting())).append("</td>");
      out.append(number(String.valueOf(l.batch())));
      out.append(number(Units.duration(l.p50Ms() / 1e3)));
      out.append(number(Units.duration(l.p99Ms() / 1e3)));
      out.append(number(Units.rate(l.imagesPerSecond()))).append("</tr>\n");
    }
    out.append("</tbody></table></div>\n");
    return Html.section("Latency", "Median and 99th percentile of one call.", out.toString());
  }

  private String configuration() {
    if (data.configuration().isEmpty() && data.commands().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    if (!data.commands().isEmpty()) {
      out.append("<pre>").append(Html.escape(String.join("\n", data.commands()))).append("</pre>");
    }
    if (!data.configuration().isEmpty()) {
      out.append("<dl class=\"settings\">\n");
      data.configuration()
          .forEach(
              (k, v) ->
                  out.append(
                      "<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(Html.name(k), Html.name(v))));
      out.append("</dl>\n");
    }
    return Html.section("How to repeat this", "", out.toString());
  }

  private String name(int c) {
    return Html.name(data.classNames().get(c));
  }

  private static String number(String text) {
    return "<td class=\"n\">" + Html.escape(text) + "</td>";
  }
}
