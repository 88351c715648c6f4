package engine.metrics;

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

  @Test
  void theBootstrapOfAMacroF1KeepsItsBits() {
    // As it was when every pair of classes had a cell: pairs that did not occur take no draws.
    long[][] counts = new long[10][10];
    for (int t = 0; t < 10; t++) {
      for (int p = 0; p < 10; p++) {
        counts[t][p] = t == p ? 40 + 9 * t : (t * 7 + p * 3) % 4 == 0 ? t + p : 0;
      }
    }
    Interval i = ConfusionMatrix.of(counts).macroF1Interval();
    assertEquals(0.7898200368713557, i.low());
    assertEquals(0.838012529553221, i.high());
  }

  @Test
  void manyClassesTakeOnlyWhatOccurred() {
    MetricsAccumulator m = new MetricsAccumulator(50_000);
    float[] row = new float[50_000];
    for (int c : new int[] {0, 49_999, 49_999, 7}) {
      row[c] = 1;
      m.add(row, new int[] {49_999});
      row[c] = 0;
    }
    ConfusionMatrix all = m.result().confusion();
    assertEquals(2, all.correct());
    assertEquals(1, all.count(49_999, 7));
    assertEquals(0, all.count(7, 49_999));
    assertEquals(2, all.confusedPairs());
    assertEquals(4, all.support(49_999));
  }

  private static void close(double low, double high, Interval i) {
    assertEquals(low, i.low(), 1e-9);
    assertEquals(high, i.high(), 1e-9);
  }
}
