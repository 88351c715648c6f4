package engine.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {
  private static final float NAN = Float.NaN;

  @Test
  void batchesGiveTheSameAsAllAtOnce() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int k = 7;
    int n = 200;
    float[] logits = new float[n * k];
    int[] targets = new int[n];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < n; i++) {
      targets[i] = random.nextInt(k);
    }
    MetricsAccumulator parts = new MetricsAccumulator(k);
    for (int from = 0; from < n; ) {
      int to = Math.min(n, from + 1 + random.nextInt(40));
      parts.add(
          HostTensor.of(Arrays.copyOfRange(logits, from * k, to * k), to - from, k),
          Arrays.copyOfRange(targets, from, to));
      from = to;
    }
    assertEquals(ClassificationMetrics.of(logits, targets, k).summary(), parts.result().summary());
  }

  @Test
  void tiesGoToTheLowerIndexAndTheOtherWayForSklearn() {
    float[] logits = {1, 1, 0};
    ClassificationMetrics first = ClassificationMetrics.of(logits, new int[] {0}, 3);
    ClassificationMetrics second = ClassificationMetrics.of(logits, new int[] {1}, 3);
    assertEquals(1, first.accuracy());
    assertEquals(1, first.topK(1));
    assertEquals(0, first.topK().accuracySklearn(1));
    assertEquals(0, second.topK(1));
    assertEquals(1, second.topK(2));
    assertEquals(1, second.topK().accuracySklearn(1));
  }

  @Test
  void nothingToDivideByIsZero() {
    ConfusionMatrix m = ConfusionMatrix.of(new long[][] {{3, 0, 0}, {1, 0, 0}, {0, 0, 0}});
    assertEquals(new ClassScore(0.75, 1, 6.0 / 7, 3, 4), m.perClass().get(0));
    assertEquals(new ClassScore(0, 0, 0, 1, 0), m.perClass().get(1));
    assertEquals(new ClassScore(0, 0, 0, 0, 0), m.perClass().get(2));
    assertEquals(0.5, m.balancedAccuracy());
    assertEquals(2.0 / 7, Averages.macroOfAll(m.perClass()).f1(), 1e-15);
    assertEquals(3.0 / 7, Averages.macro(m.perClass()).f1(), 1e-15);
    assertEquals(0, m.matthews());
    assertEquals(0, m.cohenKappa(), 1e-15);
  }

  @Test
  void kappaOfOneClassThroughoutIsUndefined() {
    assertTrue(Double.isNaN(ConfusionMatrix.of(new long[][] {{5, 0}, {0, 0}}).cohenKappa()));
  }

  @Test
  void mostConfusedPairsComeLargestFirst() {
    ConfusionMatrix m = ConfusionMatrix.of(new long[][] {{9, 2, 1}, {5, 9, 2}, {0, 0, 9}});
    assertEquals(
        List.of(
            new ConfusedPair(1, 0, 5, 5.0 / 16),
            new ConfusedPair(0, 1, 2, 2.0 / 12),
            new ConfusedPair(1, 2, 2, 2.0 / 16)),
        m.mostConfused(3));
    assertEquals(4, m.mostConfused(100).size());
  }

  @Test
  void equalScoresCountHalfInRocAuc() {
    float[][] logits = {{0, 1}, {0, 1}, {0, 0}, {0, 2}};
    // Scores of class 1 rank: sample 2 < 0 = 1 < 3; positives are 1 and 3.
    ClassificationMetrics m = ClassificationMetrics.of(logits, new int[] {0, 1, 0, 1}, 2);
    assertEquals(3.5 / 4, m.rocAucOvrMacro(), 1e-15);
  }

  @Test
  void rocAucNeedsEveryClass() {
    float[][] logits = {{0, 1, 0}, {1, 0, 0}};
    assertTrue(
        Double.isNaN(ClassificationMetrics.of(logits, new int[] {0, 1}, 3).rocAucOvrMacro()));
  }

  @Test
  void rocAucIsLeftOutRatherThanGuessedWhenThereAreTooManyScores() {
    RocAuc auc = new RocAuc(RocAuc.MAX_SCORES / 2);
    double[] p = new double[RocAuc.MAX_SCORES / 2];
    for (int i = 0; i < 3; i++) {
      auc.add(p, i);
    }
    assertTrue(Double.isNaN(auc.ovrMacro()));
  }

  @Test
  void nanLogitsAreTheLargestAndShowInTheLoss() {
    float[][] logits = {{0, NAN, 3}, {NAN, NAN, NAN}};
    ClassificationMetrics m = ClassificationMetrics.of(logits, new int[] {1, 2}, 3);
    assertEquals(1, m.confusion().count(1, 1));
    assertEquals(1, m.confusion().count(2, 0));
    assertEquals(m.accuracy(), m.topK(1));
    assertTrue(Double.isNaN(m.logLoss()));
  }

  @Test
  void lossIsThatOfDoublePrecisionSoftmax() {
    ClassificationMetrics m = ClassificationMetrics.of(new float[] {1000, 1001}, new int[] {0}, 2);
    assertEquals(Math.log1p(Math.E), m.logLoss(), 1e-12);
  }

  /** torch.nn.functional.cross_entropy(torch.tensor([[0., 900.], [400., 0.]]), [0, 1]). */
  @Test
  void lossIsNotCapped() {
    float[] logits = {0, 900, 400, 0};
    assertEquals(650, ClassificationMetrics.of(logits, new int[] {0, 1}, 2).logLoss(), 1e-12);
    assertEquals(0, ClassificationMetrics.of(logits, new int[] {1, 0}, 2).logLoss());
  }

  /**
   * scikit-learn 1.9 of y_true = [0, 0, 1, 1], y_pred = [0, 0, 1, 1] and of y_true = [0, 0, 1],
   * y_pred = [0, 2, 1], in a network of four classes.
   */
  @Test
  void classesThatNothingNamesAreLeftOutOfMacroMeans() {
    float[][] right = {{9, 0, 0, 0}, {9, 0, 0, 0}, {0, 9, 0, 0}, {0, 9, 0, 0}};
    ClassificationMetrics all = ClassificationMetrics.of(right, new int[] {0, 0, 1, 1}, 4);
    assertEquals(new Averages(1, 1, 1), all.macro());
    assertEquals(new Averages(1, 1, 1), all.weighted());
    assertEquals(new Averages(1, 1, 1), all.micro());
    assertEquals(1, all.balancedAccuracy());
    assertEquals(1, all.cohenKappa());
    assertEquals(1, all.matthews());
    assertArrayEquals(new int[] {2, 3}, all.absentClasses());
    float[][] logits = {{9, 0, 0, 0}, {0, 0, 9, 0}, {0, 9, 0, 0}};
    ClassificationMetrics some = ClassificationMetrics.of(logits, new int[] {0, 0, 1}, 4);
    assertEquals(2.0 / 3, some.macro().precision(), 1e-12);
    assertEquals(0.5, some.macro().recall(), 1e-12);
    assertEquals(5.0 / 9, some.macro().f1(), 1e-12);
    assertEquals(7.0 / 9, some.weighted().f1(), 1e-12);
    assertEquals(0.75, some.balancedAccuracy(), 1e-12);
    assertEquals(0.5, some.cohenKappa(), 1e-12);
    assertEquals(0.6123724356957946, some.matthews(), 1e-12);
    assertArrayEquals(new int[] {2, 3}, some.absentClasses());
  }

  @Test
  void oneClassAloneIsMeasuredToo() {
    ClassificationMetrics m =
        ClassificationMetrics.of(new float[][] {{5, 0}, {5, 0}}, new int[] {0, 0}, 2);
    assertEquals(new Averages(1, 1, 1), m.macro());
    assertEquals(1, m.balancedAccuracy());
    assertEquals(0, m.matthews());
    assertTrue(Double.isNaN(m.cohenKappa()));
    assertTrue(Double.isNaN(m.rocAucOvrMacro()));
  }

  @Test
  void wrongInputIsRefusedInWords() {
    MetricsAccumulator m = new MetricsAccumulator(3);
    assertEquals(
        "there are no samples to evaluate",
        assertThrows(IllegalStateException.class, m::result).getMessage());
    assertThrows(IllegalArgumentException.class, () -> m.add(new float[5], new int[2]));
    assertEquals(
        "target 3 of sample 0 is not one of the 3 classes",
        assertThrows(IllegalArgumentException.class, () -> m.add(new float[3], new int[] {3}))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> m.add(HostTensor.of(new float[6], 3, 2), new int[3]));
  }
}
