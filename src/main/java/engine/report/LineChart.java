package engine.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * Curves over epochs as one inline SVG. Hovering over an epoch shows its values, with no script: a
 * transparent band an epoch carries the title and, by CSS, the guide line and dots.
 */
final class LineChart {
  private static final double WIDTH = 340;
  private static final double HEIGHT = 210;
  private static final double LEFT = 46;
  private static final double RIGHT = 12;
  private static final double TOP = 10;
  private static final double BOTTOM = 30;
  private static final double INSET = 8; // the first and last epoch stand clear of the edges
  private static final int DOTS_UP_TO = 24;

  /** One curve; {@code style} is its CSS class, a NaN a gap. */
  record Series(String name, String style, Function<EpochMetrics, Double> value) {
    double at(EpochMetrics e) {
      double v = value.apply(e);
      return Double.isFinite(v) ? v : Double.NaN;
    }
  }

  private final String title;
  private final List<EpochMetrics> epochs;
  private final List<Series> series;
  private final DoubleFunction<String> format;
  private final DoubleFunction<String> tickFormat;
  private final String remark;
  private final Axis x;
  private final Axis y;

  /**
   * @param remark stands beside the title; may be empty
   * @param format writes a value in the hover text
   * @param tickFormat writes a value at the axis
   */
  LineChart(
      String title,
      String remark,
      List<EpochMetrics> epochs,
      List<Series> series,
      DoubleFunction<String> format,
      DoubleFunction<String> tickFormat) {
    this.title = title;
    this.remark = remark;
    this.tickFormat = tickFormat;
    this.epochs = epochs;
    this.series = series.stream().filter(s -> values(s, epochs).findAny().isPresent()).toList();
    this.format = format;
    this.x = Axis.ofEpochs(epochs.getFirst().epoch(), epochs.getLast().epoch(), 6);
    double min = all().min().orElse(Double.NaN);
    double max = all().max().orElse(Double.NaN);
    this.y = Axis.around(min, max, 4);
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return series.isEmpty();
  }

  String html() {
    StringBuilder out = new StringBuilder("<figure class=\"chart\"><figcaption><b>");
    out.append(Html.escape(title)).append("</b>");
    if (!remark.isBlank()) {
      out.append("<span class=\"key plain\">").append(Html.escape(remark)).append("</span>");
    }
    if (series.size() > 1) {
      for (Series s : series) {
        out.append("<span class=\"key ").append(s.style()).append("\">");
        out.append(Html.escape(s.name())).append("</span>");
      }
    }
    out.append("</figcaption>\n<svg viewBox=\"0 0 ").append(Svg.number(WIDTH)).append(' ');
    out.append(Svg.number(HEIGHT)).append("\" role=\"img\" aria-label=\"");
    out.append(Html.escape(title)).append(" by epoch\">\n");
    drawAxes(out);
    series.forEach(s -> out.append(path(s)));
    epochs.forEach(e -> drawHover(out, e));
    return out.append("</svg></figure>\n").toString();
  }

  private void drawAxes(StringBuilder out) {
    for (double v : y.ticks()) {
      out.append(Svg.line("grid", LEFT, py(v), WIDTH - RIGHT, py(v)));
      out.append(Svg.text("tick", "end", LEFT - 7, py(v) + 3.5, tickFormat.apply(round(v))));
    }
    for (double v : x.ticks()) {
      out.append(Svg.text("tick", "middle", px(v), HEIGHT - BOTTOM + 16, String.valueOf((int) v)));
    }
    out.append(Svg.text("axis", "end", WIDTH - RIGHT, HEIGHT - 1, "epoch"));
  }

  /** The curve; an epoch without a value breaks it. */
  private String path(Series s) {
    StringBuilder d = new StringBuilder();
    boolean pen = false;
    for (EpochMetrics e : epochs) {
      double v = s.at(e);
      if (!Double.isNaN(v)) {
        d.append(pen ? "L" : "M").append(Svg.number(px(e.epoch())));
        d.append(' ').append(Svg.number(py(v)));
      }
      pen = !Double.isNaN(v);
    }
    return "<path class=\"curve %s\" d=\"%s\"/>\n".formatted(s.style(), d);
  }

  private void drawHover(StringBuilder out, EpochMetrics e) {
    double step = (WIDTH - LEFT - RIGHT - 2 * INSET) / Math.max(1, x.to() - x.from());
    double at = px(e.epoch());
    List<String> said = new ArrayList<>();
    StringBuilder dots = new StringBuilder();
    String kind = epochs.size() <= DOTS_UP_TO ? "dot " : "dot far ";
    for (Series s : series) {
      double v = s.at(e);
      said.add((series.size() > 1 ? s.name() + " " : "") + format.apply(s.value().apply(e)));
      if (!Double.isNaN(v)) {
        dots.append(Svg.circle(kind + s.style(), at, py(v), 2.6));
      }
    }
    String title = "Epoch " + e.epoch() + ": " + String.join(", ", said);
    out.append("<g class=\"epoch\"><title>").append(Html.escape(title)).append("</title>");
    out.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
            .formatted(
                Svg.number(at - step / 2),
                Svg.number(TOP),
                Svg.number(step),
                Svg.number(HEIGHT - TOP - BOTTOM)));
    out.append(Svg.line("guide", at, TOP, at, HEIGHT - BOTTOM)).append(dots).append("</g>\n");
  }

  private double px(double epoch) {
    return LEFT + INSET + x.place(epoch) * (WIDTH - LEFT - RIGHT - 2 * INSET);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  /** A tick without the noise of its multiplication: 0.30000000000000004 is 0.3. */
  private double round(double tick) {
    return Math.abs(tick) < y.step() * 1e-6 ? 0 : tick;
  }

  private DoubleStream all() {
    return series.stream().flatMapToDouble(s -> values(s, epochs));
  }

  private static DoubleStream values(Series s, List<EpochMetrics> epochs) {
    return epochs.stream().mapToDouble(s::at).filter(v -> !Double.isNaN(v));
  }
}
