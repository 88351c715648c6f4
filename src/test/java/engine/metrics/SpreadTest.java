package engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SpreadTest {
  /** numpy: mean, std(ddof=1); scipy.stats.t.interval(0.95, 2, mean, sem). */
  @Test
  void meanAndStudentsIntervalAreScipys() {
    Spread s = Spread.of(0.81, 0.84, 0.87);
    assertEquals(0.84, s.mean(), 1e-12);
    assertEquals(0.03, s.deviation(), 1e-12);
    assertEquals(0.765476, s.interval().low(), 1e-5);
    assertEquals(0.914524, s.interval().high(), 1e-5);
    assertEquals(0.81, s.low());
    assertEquals(0.87, s.high());
    assertTrue(Double.isNaN(Spread.of(0.5).deviation()));
    assertTrue(Double.isNaN(Spread.of(0.5).interval().low()));
    assertEquals(2, Spread.of(0.5, Double.NaN, 0.7).count());
  }

  /** Agresti and Min 2005: (c-b)/(n+2) with half a picture more in each cell. */
  @Test
  void pairsAreCountedWhereTheyDiffer() {
    boolean[] a = new boolean[100];
    boolean[] b = new boolean[100];
    for (int i = 0; i < 100; i++) {
      a[i] = i < 80;
      b[i] = i >= 5 && i < 95;
    }
    Paired p = Paired.of(a, b);
    assertEquals(new Paired(5, 15, 100), p);
    assertEquals(0.10, p.difference(), 1e-12);
    double half = 1.959963984540054 * Math.sqrt(21 - 100.0 / 102) / 102;
    assertEquals(10.0 / 102 - half, p.interval().low(), 1e-12);
    assertEquals(10.0 / 102 + half, p.interval().high(), 1e-12);
    assertTrue(p.isClear());
    Paired same = Paired.of(a, a);
    assertEquals(0, same.difference());
    assertTrue(same.interval().low() < 0 && same.interval().high() > 0);
    assertFalse(same.isClear());
  }

  @Test
  void matricesOfOtherMistakesAddUp() {
    ConfusionMatrix a = ConfusionMatrix.of(new long[][] {{2, 0}, {1, 3}});
    ConfusionMatrix b = ConfusionMatrix.of(new long[][] {{0, 4}, {0, 1}});
    ConfusionMatrix sum = a.plus(b);
    assertEquals(6, sum.correct());
    assertEquals(11, sum.samples());
    assertEquals(4, sum.count(0, 1));
    assertEquals(1, sum.count(1, 0));
  }
}
