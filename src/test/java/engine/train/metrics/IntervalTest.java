package engine.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Values from {@code scipy.stats.binomtest(k, n).proportion_ci(method="wilson")}. */
final class IntervalTest {
  @Test
  void wilsonsIntervalIsScipys() {
    close(0.490162471536642, 0.943317848545625, Interval.wilson(8, 10));
    close(0, 0.161125158052819, Interval.wilson(0, 20));
    close(0.9057741077491873, 0.9169098615917458, Interval.wilson(9115, 10000));
  }

  @Test
  void theBootstrapOfAnAccuracyIsAboutWilsons() {
    ConfusionMatrix m = ConfusionMatrix.of(new long[][] {{400, 60, 0}, {30, 350, 20}, {5, 5, 130}});
    Interval w = Interval.wilson(m.correct(), m.samples());
    Interval b = Interval.bootstrap(m, ConfusionMatrix::accuracy);
    assertEquals(w.low(), b.low(), 0.004);
    assertEquals(w.high(), b.high(), 0.004);
    assertTrue(b.low() < m.accuracy() && m.accuracy() < b.high());
  }

  private static void close(double low, double high, Interval i) {
    assertEquals(low, i.low(), 1e-9);
    assertEquals(high, i.high(), 1e-9);
  }
}
