package engine.report;

import engine.console.Units;
import engine.metrics.CalibrationBin;
import engine.metrics.ClassificationMetrics;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The charts of a report: how a training went, and how far an evaluation's answers can be believed.
 */
final class Curves {
  /** What can be done with a chart. */
  static final String HOW_TO_READ =
      "Point at a curve, or use the arrow keys on it, for its values; drag, or + and -, to zoom;"
          + " double click, or Esc, to see all of it.";

  private Curves() {}

  /** The section of the training; nothing where no epoch has a figure. */
  static String training(List<EpochMetrics> e) {
    if (e.isEmpty()) {
      return "";
    }
    String best =
        Headlines.best(e)
            .map(b -> "best %s, epoch %d".formatted(Units.percent(b.valAccuracy()), b.epoch()))
            .orElse("");
    List<Chart> charts =
        Stream.of(
                chart(
                    e,
                    "Loss",
                    "",
                    curve(e, "train", "second", EpochMetrics::trainLoss, Units::figure),
                    curve(e, "validation", "first", EpochMetrics::valLoss, Units::figure)),
                chart(
                    e,
                    "Validation accuracy",
                    best,
                    curve(e, "accuracy", "first", EpochMetrics::valAccuracy, Units::percent)),
                chart(
                    e,
                    "Learning rate",
                    "",
                    curve(e, "learning rate", "first", EpochMetrics::lr, Units::compact)))
            .filter(c -> !c.isEmpty())
            .toList();
    if (charts.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"charts\">\n");
    charts.forEach(c -> out.append(c.html()));
    out.append("</div>\n").append(Chart.table("Every epoch as a table", charts));
    return Html.section("Training", HOW_TO_READ, out.toString());
  }

  private static Chart.Series curve(
      List<EpochMetrics> e,
      String name,
      String style,
      ToDoubleFunction<EpochMetrics> value,
      DoubleFunction<String> text) {
    double[] values = e.stream().mapToDouble(value).toArray();
    return new Chart.Series(name, style, Chart.Kind.LINE, values, text);
  }

  private static Chart chart(
      List<EpochMetrics> e, String title, String remark, Chart.Series... series) {
    double[] epochs = e.stream().mapToDouble(EpochMetrics::epoch).toArray();
    boolean shares = title.endsWith("accuracy");
    return new Chart(title, remark, epochs(epochs), shares, List.of(series));
  }

  /** An axis of whole numbers. */
  static Chart.Across epochs(double[] numbers) {
    return new Chart.Across("epoch", numbers, v -> String.valueOf((long) v), false);
  }

  /** How often answers of a probability are right (Guo et al. 2017), and how many there are. */
  static Chart calibration(ClassificationMetrics m) {
    List<CalibrationBin> bins = m.calibration().stream().filter(b -> b.samples() > 0).toList();
    double[] sure = bins.stream().mapToDouble(CalibrationBin::confidence).toArray();
    double[] right = bins.stream().mapToDouble(CalibrationBin::accuracy).toArray();
    double[] many = bins.stream().mapToDouble(CalibrationBin::samples).toArray();
    return new Chart(
        "Calibration",
        "calibration error " + Units.percent(m.expectedCalibrationError()),
        new Chart.Across("probability", sure, Units::percent, false),
        true,
        List.of(
            new Chart.Series(
                "answers", "soft", Chart.Kind.COUNTS, many, n -> Units.count((long) n)),
            new Chart.Series("as right as sure", "second", Chart.Kind.DASHED, sure, Units::percent),
            new Chart.Series("right", "first", Chart.Kind.LINE, right, Units::percent)));
  }
}
