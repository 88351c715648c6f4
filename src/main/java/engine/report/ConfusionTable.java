package engine.report;

import engine.train.metrics.ClassificationMetrics;
import engine.train.metrics.ConfusionMatrix;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The confusion matrix as an HTML table whose cells are tinted by their share of the row: right
 * answers in one hue, wrong ones in another. A table, not a drawing, so that it stays legible and
 * scrolls on a narrow screen.
 */
final class ConfusionTable {
  private static final int MAX_CLASSES = 40;
  private static final int NUMBERS_UP_TO = 25;

  private final ConfusionMatrix matrix;
  private final List<String> names;
  private final int[] shown;

  ConfusionTable(ClassificationMetrics m, List<String> names) {
    this.matrix = m.confusion();
    this.names = names;
    this.shown = worst(m);
  }

  /** Every class, or the {@link #MAX_CLASSES} of lowest F1 among those with samples, in order. */
  private static int[] worst(ClassificationMetrics m) {
    var scores = m.perClass();
    IntStream all = IntStream.range(0, m.classes());
    if (m.classes() <= MAX_CLASSES) {
      return all.toArray();
    }
    return all.boxed()
        .filter(c -> scores.get(c).support() > 0)
        .sorted(Comparator.comparingDouble(c -> scores.get(c).f1()))
        .limit(MAX_CLASSES)
        .mapToInt(c -> c)
        .sorted()
        .toArray();
  }

  /** What the reader must know about the table. */
  String remark() {
    String rows = "Rows are true classes, columns predictions; the tint is the share of the row.";
    return shown.length < matrix.classes()
        ? rows
            + " Shown are the %d of %d classes with the lowest F1."
                .formatted(shown.length, matrix.classes())
        : rows;
  }

  String html() {
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table class=\"confusion");
    out.append(shown.length > NUMBERS_UP_TO ? " fine" : "").append("\" style=\"--k:");
    out.append(shown.length).append("\"><thead><tr><td></td>");
    for (int p : shown) {
      out.append("<th scope=\"col\"><span>").append(Html.name(names.get(p))).append("</span></th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (int t : shown) {
      long support = matrix.support(t);
      out.append("<tr><th scope=\"row\">").append(Html.name(names.get(t))).append("</th>");
      for (int p : shown) {
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
            shown.length > NUMBERS_UP_TO ? "" : String.valueOf(n));
  }
}
