package engine.report;

import engine.console.Units;
import engine.report.Comparison.Curve;
import engine.report.Comparison.Gallery;
import engine.report.Comparison.Grid;
import engine.report.Comparison.Picture;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A page about several runs, in the looks of {@link RunReport}: nothing is fetched. */
public final class ComparisonReport {
  /** Of more runs the curves are told apart by their titles alone. */
  private static final String[] STYLES = {
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"
  };

  private ComparisonReport() {}

  /** Writes the page, whole or not at all. */
  public static void write(Comparison c, Path file) throws IOException {
    AtomicFiles.writeString(file, html(c));
  }

  static String html(Comparison c) {
    StringBuilder main = new StringBuilder();
    for (Grid g : c.parts().grids()) {
      main.append(Html.section(g.title(), g.remark(), grid(g)));
    }
    main.append(curves(c.parts().curves()));
    for (Gallery g : c.parts().galleries()) {
      main.append(Html.section(g.title(), g.remark(), gallery(g)));
    }
    if (!c.commands().isEmpty()) {
      String lines = Html.escape(String.join("\n", c.commands()));
      main.append(Html.section("What next", "", "<pre>" + lines + "</pre>\n"));
    }
    String body = figures(c) + notes(c) + "</header>\n<main>\n" + main + "</main>\n";
    return c.parts().curves().stream().allMatch(r -> r.epochs().isEmpty())
        ? Page.html(c.title(), c.subtitle(), body)
        : Page.withCharts(c.title(), c.subtitle(), body);
  }

  private static String figures(Comparison c) {
    StringBuilder out = new StringBuilder("<dl class=\"headlines\">\n");
    for (Comparison.Figure f : c.figures()) {
      out.append(
          "<div><dt>%s</dt><dd>%s</dd><dd class=\"under\">%s</dd></div>\n"
              .formatted(Html.escape(f.label()), Html.escape(f.value()), Html.escape(f.remark())));
    }
    return c.figures().isEmpty() ? "" : out.append("</dl>\n").toString();
  }

  private static String notes(Comparison c) {
    StringBuilder out = new StringBuilder();
    c.notes().forEach(n -> out.append("<p class=\"note\">" + Html.escape(n) + "</p>\n"));
    return out.toString();
  }

  private static String grid(Grid g) {
    StringBuilder out = new StringBuilder("<div class=\"card\"><div class=\"scroll tall\">");
    out.append("<table class=\"figures\"><thead><tr>");
    for (String column : g.columns()) {
      boolean number = column.startsWith(">");
      out.append(number ? "<th class=\"n\">" : "<th>");
      out.append(Html.escape(number ? column.substring(1) : column)).append("</th>");
    }
    out.append("</tr></thead><tbody>\n");
    for (List<String> row : g.rows()) {
      out.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        out.append(g.columns().get(i).startsWith(">") ? "<td class=\"n\">" : "<td>");
        out.append(Html.name(row.get(i))).append("</td>");
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div></div>\n").toString();
  }

  private static String curves(List<Curve> runs) {
    List<Curve> drawn = runs.stream().filter(r -> !r.epochs().isEmpty()).toList();
    List<Chart> charts =
        Stream.of(
                chart("Validation accuracy", drawn, EpochMetrics::valAccuracy, Units::percent),
                chart("Validation loss", drawn, EpochMetrics::valLoss, Units::figure),
                chart("Training loss", drawn, EpochMetrics::trainLoss, Units::figure),
                chart("Learning rate", drawn, EpochMetrics::lr, Units::compact))
            .filter(c -> !c.isEmpty())
            .toList();
    if (charts.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"charts\">\n");
    charts.forEach(c -> out.append(c.html()));
    out.append("</div>\n").append(Chart.table("Every epoch as a table", charts));
    return Html.section("Training", Curves.HOW_TO_READ, out.toString());
  }

  /** One figure of all runs over the epochs that any of them has. */
  private static Chart chart(
      String title,
      List<Curve> runs,
      ToDoubleFunction<EpochMetrics> value,
      DoubleFunction<String> text) {
    int[] epochs =
        runs.stream()
            .flatMapToInt(r -> r.epochs().stream().mapToInt(EpochMetrics::epoch))
            .distinct()
            .sorted()
            .toArray();
    List<Chart.Series> series = new ArrayList<>();
    for (Curve run : runs) {
      double[] values = new double[epochs.length];
      Arrays.fill(values, Double.NaN);
      for (EpochMetrics e : run.epochs()) {
        values[Arrays.binarySearch(epochs, e.epoch())] = value.applyAsDouble(e);
      }
      String style = STYLES[series.size() % STYLES.length];
      series.add(new Chart.Series(run.run(), style, Chart.Kind.LINE, values, text));
    }
    double[] x = Arrays.stream(epochs).asDoubleStream().toArray();
    boolean shares = title.endsWith("accuracy");
    return new Chart(title, "", Curves.epochs(x), shares, series);
  }

  private static String gallery(Gallery g) {
    StringBuilder out = new StringBuilder("<div class=\"gallery\">\n");
    for (Picture p : g.pictures()) {
      out.append(
          "<figure title=\"%s\"><img src=\"%s\" alt=\"%s\" loading=\"lazy\">"
              .formatted(Html.escape(p.source()), Html.dataUri(p.image()), Html.escape(p.truth())));
      out.append("<figcaption><span class=\"was\">is ").append(Html.name(p.truth()));
      out.append("</span>");
      p.said().forEach(s -> out.append("<span class=\"was\">" + Html.name(s) + "</span>"));
      out.append("</figcaption></figure>\n");
    }
    return out.append("</div>\n").toString();
  }
}
