package engine.report;

import engine.console.Units;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;

/** The loss over a growing learning rate as a picture of its own, in SVG. */
public final class LrPlot {
  private static final double WIDTH = 720;
  private static final double HEIGHT = 420;
  private static final double LEFT = 64;
  private static final double RIGHT = 24;
  private static final double TOP = 48;
  private static final double BOTTOM = 52;
  private static final String STYLE =
      "text{font:13px system-ui,sans-serif;fill:#667080}.title{font-size:16px;fill:#1c2129}"
          + ".grid{stroke:#e4e2dc}.curve{fill:none;stroke:#1f5fa8;stroke-width:2}"
          + ".raw{fill:none;stroke:#1f5fa8;stroke-width:1;opacity:.25}"
          + ".mark{stroke:#c9783a;stroke-width:1.5;stroke-dasharray:5 4}"
          + ".value{fill:#1f5fa8;opacity:0}.value:hover{opacity:1}";

  private final double[] lr;
  private final Axis y;

  private LrPlot(double[] lr, Axis y) {
    this.lr = lr;
    this.y = y;
  }

  /**
   * @param lr rates, growing
   * @param loss of each
   * @param smoothed likewise
   * @param marked a rate to point at
   */
  public static void write(
      Path file, String title, double[] lr, double[] loss, double[] smoothed, double marked)
      throws IOException {
    double min = Double.POSITIVE_INFINITY;
    double max = 0;
    for (double v : smoothed) {
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    LrPlot plot = new LrPlot(lr, Axis.around(min, max, 5));
    AtomicFiles.writeString(file, plot.svg(title, loss, smoothed, marked));
  }

  private String svg(String title, double[] loss, double[] smoothed, double marked) {
    StringBuilder out = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"");
    out.append("0 0 720 420\" width=\"720\" height=\"420\"><style>").append(STYLE);
    out.append("</style><rect width=\"720\" height=\"420\" fill=\"#fff\"/>\n");
    out.append(Svg.text("title", "start", LEFT, 28, title));
    for (double v : y.ticks()) {
      out.append(Svg.line("grid", LEFT, py(v), WIDTH - RIGHT, py(v)));
      out.append(Svg.text("tick", "end", LEFT - 8, py(v) + 4, Units.compact(v)));
    }
    int first = (int) Math.ceil(Math.log10(lr[0]) - 1e-9);
    int last = (int) Math.floor(Math.log10(lr[lr.length - 1]) + 1e-9);
    for (int e = first; e <= last; e++) {
      double at = px(Math.pow(10, e));
      out.append(Svg.line("grid", at, TOP, at, HEIGHT - BOTTOM));
      out.append(Svg.text("tick", "middle", at, HEIGHT - BOTTOM + 20, "1e" + e));
    }
    out.append(path("raw", loss)).append(path("curve", smoothed));
    for (int i = 0; i < lr.length; i++) {
      out.append(value(lr[i], smoothed[i]));
    }
    out.append(Svg.line("mark", px(marked), TOP, px(marked), HEIGHT - BOTTOM));
    out.append(Svg.text("tick", "start", px(marked) + 6, TOP + 14, Units.learningRate(marked)));
    out.append(Svg.text("axis", "end", WIDTH - RIGHT, HEIGHT - 8, "learning rate"));
    return out.append("</svg>\n").toString();
  }

  private String path(String type, double[] values) {
    StringBuilder d = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      double inside = Math.clamp(values[i], y.from(), y.to());
      d.append(i == 0 ? "M" : "L").append(Svg.number(px(lr[i])));
      d.append(' ').append(Svg.number(py(inside)));
    }
    return "<path class=\"%s\" d=\"%s\"/>\n".formatted(type, d);
  }

  /** A point that shows itself, and its numbers, under the pointer. */
  private String value(double rate, double loss) {
    return "<circle class=\"value\" cx=\"%s\" cy=\"%s\" r=\"5\"><title>lr %s: loss %s</title></circle>\n"
        .formatted(
            Svg.number(px(rate)),
            Svg.number(py(Math.clamp(loss, y.from(), y.to()))),
            Units.learningRate(rate),
            Units.figure(loss));
  }

  private double px(double rate) {
    double share = Math.log(rate / lr[0]) / Math.log(lr[lr.length - 1] / lr[0]);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
  }
}
