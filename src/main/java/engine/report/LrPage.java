package engine.report;

import engine.console.Units;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The loss over a growing learning rate as a page of its own, in the looks of {@link RunReport}.
 */
public final class LrPage {
  private LrPage() {}

  /**
   * Writes the page, whole or not at all.
   *
   * @param subtitle what was trained, and on what
   * @param lr rates, growing
   * @param loss of each
   * @param smoothed likewise
   * @param advised the rate to try
   */
  public static void write(
      Path file, String subtitle, double[] lr, double[] loss, double[] smoothed, double advised)
      throws IOException {
    AtomicFiles.writeString(file, html(subtitle, lr, loss, smoothed, advised));
  }

  static String html(
      String subtitle, double[] lr, double[] loss, double[] smoothed, double advised) {
    double[] mark = new double[lr.length];
    Arrays.fill(mark, Double.NaN);
    int at = nearest(lr, advised);
    mark[at] = smoothed[at];
    Chart chart =
        new Chart(
            "Loss",
            "",
            new Chart.Across("learning rate", lr, Units::learningRate, true),
            false,
            List.of(
                new Chart.Series("of a step", "first", Chart.Kind.FAINT, loss, Units::figure),
                new Chart.Series("smoothed", "first", Chart.Kind.LINE, smoothed, Units::figure),
                new Chart.Series("rate to try", "second", Chart.Kind.MARK, mark, Units::figure)));
    String body =
        """
        <dl class="headlines">
        <div><dt>Rate to try</dt><dd>%s</dd><dd class="under">in the midst of the loss's fall</dd></div>
        <div><dt>Least loss</dt><dd>%s</dd><dd class="under">at %s, which is too high to train with</dd></div>
        </dl>
        </header>
        <main>
        %s</main>
        """
            .formatted(
                Html.escape(Units.learningRate(advised)),
                Html.escape(Units.figure(smoothed[least(smoothed)])),
                Html.escape(Units.learningRate(lr[least(smoothed)])),
                Html.section(
                    "Loss by learning rate",
                    Curves.HOW_TO_READ,
                    chart.html() + Chart.table("Every step as a table", List.of(chart))));
    return Page.withCharts("Learning rates tried", subtitle, body);
  }

  private static int nearest(double[] lr, double rate) {
    int best = 0;
    for (int i = 1; i < lr.length; i++) {
      if (Math.abs(Math.log(lr[i] / rate)) < Math.abs(Math.log(lr[best] / rate))) {
        best = i;
      }
    }
    return best;
  }

  private static int least(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] < values[best] ? i : best;
    }
    return best;
  }
}
