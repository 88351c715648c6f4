package engine.report;

import engine.console.Units;
import engine.metrics.CalibrationBin;
import engine.metrics.ClassificationMetrics;
import java.util.List;

/**
 * A reliability diagram (Guo et al. 2017, figure 1): how often answers of a probability are right,
 * and beneath it how many there are.
 */
final class CalibrationChart {
  private static final double WIDTH = 340;
  private static final double HEIGHT = 300;
  private static final double LEFT = 46;
  private static final double RIGHT = 12;
  private static final double TOP = 10;
  private static final double BOTTOM = 30;
  private static final double COUNTS = 46; // height of the histogram beneath
  private static final double GAP = 8;

  private CalibrationChart() {}

  static String html(ClassificationMetrics m) {
    List<CalibrationBin> bins = m.calibration();
    StringBuilder out = new StringBuilder("<figure class=\"chart\"><figcaption><b>");
    out.append("Calibration</b><span class=\"key plain\">calibration error ");
    out.append(Units.percent(m.expectedCalibrationError())).append("</span>");
    out.append("<span class=\"key block\">share that is right</span>");
    out.append("<span class=\"key second\">if as right as sure</span>");
    out.append("<span class=\"key block many\">number of answers</span></figcaption>\n");
    out.append("<svg viewBox=\"0 0 ").append(Svg.number(WIDTH)).append(' ');
    out.append(Svg.number(HEIGHT)).append("\" role=\"img\" aria-label=\"");
    out.append("Accuracy by confidence\">\n");
    for (double v : new double[] {0, 0.25, 0.5, 0.75, 1}) {
      out.append(Svg.line("grid", LEFT, y(v), WIDTH - RIGHT, y(v)));
      out.append(Svg.text("tick", "end", LEFT - 7, y(v) + 3.5, Units.compact(v * 100) + " %"));
      out.append(
          Svg.text("tick", "middle", x(v), HEIGHT - BOTTOM + 16, Units.compact(v * 100) + " %"));
    }
    long most = bins.stream().mapToLong(CalibrationBin::samples).max().orElse(1);
    for (int b = 0; b < bins.size(); b++) {
      if (bins.get(b).samples() > 0) {
        bar(bins.get(b), b, bins.size(), most, out);
      }
    }
    out.append(Svg.line("diagonal", x(0), y(0), x(1), y(1)));
    out.append(Svg.text("axis", "end", WIDTH - RIGHT, HEIGHT - 1, "probability of the answer"));
    return out.append("</svg></figure>\n").toString();
  }

  private static void bar(CalibrationBin bin, int b, int of, long most, StringBuilder out) {
    double left = x((double) b / of) + 1;
    double width = x(1.0 / of) - x(0) - 2;
    double base = HEIGHT - BOTTOM;
    double high = Math.max(1, (COUNTS - GAP) * bin.samples() / most);
    out.append(
        "<g class=\"bin\"><title>%s answers, %s sure, %s right</title>"
            .formatted(
                Units.count(bin.samples()),
                Units.percent(bin.confidence()),
                Units.percent(bin.accuracy())));
    out.append(rectangle("right", left, y(bin.accuracy()), width, y(0) - y(bin.accuracy())));
    out.append(rectangle("many", left, base - high, width, high)).append("</g>\n");
  }

  private static String rectangle(String type, double x, double y, double width, double height) {
    return "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
        .formatted(type, Svg.number(x), Svg.number(y), Svg.number(width), Svg.number(height));
  }

  private static double x(double share) {
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double share) {
    double bottom = HEIGHT - BOTTOM - COUNTS;
    return bottom - share * (bottom - TOP);
  }
}
