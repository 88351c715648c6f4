package engine.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import engine.console.Json;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Curves over a row of numbers. The page's script ({@link PageScript}) draws them; the values are
 * in a table beside them, too, for readers who run no script or see no drawing.
 *
 * @param remark stands beside the title; may be empty
 * @param percent whether the values are shares
 */
record Chart(String title, String remark, Across x, boolean percent, List<Series> series) {

  /**
   * What values stand over.
   *
   * @param title what the numbers are
   * @param values growing numbers
   * @param text writes one of them
   * @param logarithmic whether equal factors are equally far apart; all are above 0 then
   */
  record Across(String title, double[] values, DoubleFunction<String> text, boolean logarithmic) {}

  /** How a series is drawn. */
  enum Kind {
    LINE,
    /** A line to compare with. */
    DASHED,
    /** A thin line behind another, which says where the axis ends. */
    FAINT,
    /** Points by themselves. */
    MARK,
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
    /** A value as it is read; nothing where there is no mark. */
    String text(double value) {
      return kind == Kind.MARK && !Double.isFinite(value) ? "" : format.apply(value);
    }

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
    out.append(Html.escape("%s by %s; arrow keys say its values".formatted(title, x.title)));
    out.append("\" data-chart=\"").append(Html.escape(Json.line(json())));
    return out.append("\"></div><p class=\"values\" aria-live=\"polite\"></p></figure>\n")
        .toString();
  }

  private static String kind(Series s) {
    return switch (s.kind()) {
      case COUNTS -> "block";
      case DASHED -> "dashed";
      case FAINT -> "faint";
      case MARK -> "dot";
      case LINE -> "";
    };
  }

  private JsonObject json() {
    JsonObject out = new JsonObject();
    out.addProperty("xTitle", x.title);
    out.addProperty("percent", percent);
    out.addProperty(
        "xPercent", percent && DoubleStream.of(x.values).anyMatch(v -> v != Math.rint(v)));
    out.addProperty("xLog", x.logarithmic);
    out.add("x", numbers(x.values));
    out.add("xText", texts(x.values, x.text));
    JsonArray all = new JsonArray();
    for (Series s : series) {
      JsonObject one = new JsonObject();
      one.addProperty("name", s.name());
      one.addProperty("style", s.style());
      one.addProperty("kind", s.kind().name().toLowerCase(Locale.ROOT));
      one.add("y", numbers(s.values()));
      one.add("text", texts(s.values(), s::text));
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
    out.append("<table class=\"figures\"><thead><tr><th>").append(Html.escape(first.x.title));
    out.append("</th>");
    for (Chart c : charts) {
      for (Series s : c.series) {
        String name = c.series.size() > 1 ? s.name() + " " + c.title : c.title;
        out.append("<th class=\"n\">").append(Html.escape(name)).append("</th>");
      }
    }
    out.append("</tr></thead><tbody>\n");
    for (int i = 0; i < first.x.values.length; i++) {
      out.append("<tr><td>")
          .append(Html.escape(first.x.text.apply(first.x.values[i])))
          .append("</td>");
      for (Chart c : charts) {
        for (Series s : c.series) {
          String text = Html.escape(s.text(s.values()[i]));
          out.append("<td class=\"n\">").append(text).append("</td>");
        }
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div></details>\n").toString();
  }
}
