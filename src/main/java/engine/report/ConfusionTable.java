package engine.report;

import engine.metrics.ClassificationMetrics;
import engine.metrics.ConfusionMatrix;
import java.util.List;
import java.util.Locale;

/**
 * The confusion matrix as an HTML table whose cells are tinted by their share of the row: right
 * answers in one hue, wrong ones in another. A table, not a drawing, so that it stays legible and
 * scrolls on a narrow screen.
 */
final class ConfusionTable {
  /** More columns than this say less than the list of the most frequent mistakes. */
  static final int MAX_CLASSES = 40;

  private static final int NUMBERS_UP_TO = 25;

  private final ConfusionMatrix matrix;
  private final List<String> names;

  /**
   * @param m of at most {@link #MAX_CLASSES} classes
   */
  ConfusionTable(ClassificationMetrics m, List<String> names) {
    this.matrix = m.confusion();
    this.names = names;
  }

  String html() {
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table class=\"confusion");
    out.append(names.size() > NUMBERS_UP_TO ? " fine" : "").append("\" style=\"--k:");
    out.append(names.size()).append("\"><thead><tr><td></td>");
    for (String name : names) {
      out.append("<th scope=\"col\"><span>").append(Html.name(name)).append("</span></th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (int t = 0; t < names.size(); t++) {
      long support = matrix.support(t);
      out.append("<tr><th scope=\"row\">").append(Html.name(names.get(t))).append("</th>");
      for (int p = 0; p < names.size(); p++) {
        out.append(cell(t, p, support));
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  private String cell(int truth, int predicted, long support) {
    long n = matrix.count(truth, predicted);
    if (n == 0) {
      return "<td></td>";
    }
    double share = (double) n / support;
    String title =
        "%d of %d %s %s"
            .formatted(
                n,
                support,
                names.get(truth),
                truth == predicted ? "found" : "taken for " + names.get(predicted));
    return "<td class=\"%s%s\" style=\"--v:%s\" title=\"%s\">%s</td>"
        .formatted(
            truth == predicted ? "hit" : "miss",
            share > 0.55 ? " full" : "",
            // A square root lifts rare mistakes above the page's ground.
            String.format(Locale.ROOT, "%.3f", truth == predicted ? share : Math.sqrt(share)),
            Html.escape(title),
            names.size() > NUMBERS_UP_TO ? "" : String.valueOf(n));
  }
}
