package engine.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import engine.console.Json;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Curves over a row of numbers. The page's script ({@link PageScript}) draws them; the values are
 * in a table beside them, too, for readers who run no script or see no drawing.
 *
 * @param remark stands beside the title; may be empty
 * @param xTitle what {@code x} is
 * @param x growing numbers
 * @param xText writes one of them
 * @param percent whether the values are shares
 */
record Chart(
    String title,
    String remark,
    String xTitle,
    double[] x,
    DoubleFunction<String> xText,
    boolean percent,
    List<Series> series) {

  /** How a series is drawn. */
  enum Kind {
    LINE,
    /** A line to compare with. */
    DASHED,
    /** Bars of a scale of their own, at the foot. */
    COUNTS
  }

  /**
   * One value a number of {@code x}; what is not finite is a gap.
   *
   * @param style the page's colour: {@code first}, {@code second}, {@code soft}
   * @param format writes a value
   */
  record Series(
      String name, String style, Kind kind, double[] values, DoubleFunction<String> format) {
    boolean isEmpty() {
      return DoubleStream.of(values).noneMatch(Double::isFinite);
    }
  }

  Chart {
    series = series.stream().filter(s -> !s.isEmpty()).toList();
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return series.isEmpty();
  }

  /** The figure, without the table. */
  String html() {
    StringBuilder out = new StringBuilder("<figure class=\"chart\"><figcaption><b>");
    out.append(Html.escape(title)).append("</b>");
    if (!remark.isBlank()) {
      out.append("<span class=\"key plain\">").append(Html.escape(remark)).append("</span>");
    }
    for (Series s : series.size() > 1 ? series : List.<Series>of()) {
      out.append("<span class=\"key ").append(s.style()).append(" ").append(kind(s)).append("\">");
      out.append(Html.escape(s.name())).append("</span>");
    }
    out.append("</figcaption>\n<div class=\"plot\" tabindex=\"0\" role=\"img\" aria-label=\"");
    out.append(Html.escape("%s by %s; arrow keys say its values".formatted(title, xTitle)));
    out.append("\" data-chart=\"").append(Html.escape(Json.line(json())));
    return out.append("\"></div><p class=\"values\" aria-live=\"polite\"></p></figure>\n")
        .toString();
  }

  private static String kind(Series s) {
    return s.kind() == Kind.COUNTS ? "block" : "";
  }

  private JsonObject json() {
    JsonObject out = new JsonObject();
    out.addProperty("xTitle", xTitle);
    out.addProperty("percent", percent);
    out.addProperty("xPercent", DoubleStream.of(x).anyMatch(v -> v != Math.rint(v)));
    out.add("x", numbers(x));
    out.add("xText", texts(x, xText));
    JsonArray all = new JsonArray();
    for (Series s : series) {
      JsonObject one = new JsonObject();
      one.addProperty("name", s.name());
      one.addProperty("style", s.style());
      one.addProperty("dashed", s.kind() == Kind.DASHED);
      one.addProperty("counts", s.kind() == Kind.COUNTS);
      one.add("y", numbers(s.values()));
      one.add("text", texts(s.values(), s.format()));
      all.add(one);
    }
    out.add("series", all);
    return out;
  }

  private static JsonArray numbers(double[] values) {
    JsonArray out = new JsonArray();
    for (double v : values) {
      if (Double.isFinite(v)) {
        out.add(v);
      } else {
        out.add(JsonNull.INSTANCE);
      }
    }
    return out;
  }

  private static JsonArray texts(double[] values, DoubleFunction<String> format) {
    JsonArray out = new JsonArray();
    for (double v : values) {
      out.add(format.apply(v));
    }
    return out;
  }

  /** The values of charts over the same numbers, as a table that opens. */
  static String table(String summary, List<Chart> charts) {
    Chart first = charts.getFirst();
    StringBuilder out = new StringBuilder("<details class=\"card\"><summary>");
    out.append(Html.escape(summary)).append("</summary><div class=\"scroll tall\">");
    out.append("<table class=\"figures\"><thead><tr><th>").append(Html.escape(first.xTitle));
    out.append("</th>");
    for (Chart c : charts) {
      for (Series s : c.series) {
        String name = c.series.size() > 1 ? s.name() + " " + c.title : c.title;
        out.append("<th class=\"n\">").append(Html.escape(name)).append("</th>");
      }
    }
    out.append("</tr></thead><tbody>\n");
    for (int i = 0; i < first.x.length; i++) {
      out.append("<tr><td>").append(Html.escape(first.xText.apply(first.x[i]))).append("</td>");
      for (Chart c : charts) {
        for (Series s : c.series) {
          String text = Html.escape(s.format().apply(s.values()[i]));
          out.append("<td class=\"n\">").append(text).append("</td>");
        }
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div></details>\n").toString();
  }
}
