package engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
  private static long countOf(int[] part, int[] labels, int label) {
    return Arrays.stream(part).filter(i -> labels[i] == label).count();
  }

  @Test
  void aClassAPictureTakesNoLongTime() {
    int n = 300_000;
    int[] labels = IntStream.range(0, n).toArray();
    assertTimeoutPreemptively(
        Duration.ofSeconds(15),
        () -> assertEquals(0, StratifiedSplit.of(labels, n, 0.2, 1).val().length));
  }

  @Test
  void everyClassKeepsItsShareAndNothingIsLost() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      int classes = 1 + random.nextInt(6);
      int[] labels = random.ints(random.nextInt(200), 0, classes).toArray();
      double fraction = 0.01 + 0.98 * random.nextDouble();
      StratifiedSplit split = StratifiedSplit.of(labels, classes, fraction, round);
      int[] both =
          IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.val()))
              .sorted()
              .toArray();
      assertArrayEquals(IntStream.range(0, labels.length).toArray(), both);
      for (int c = 0; c < classes; c++) {
        long n = Arrays.stream(labels).filter(IntStream.of(c).boxed().toList()::contains).count();
        long held = countOf(split.val(), labels, c);
        assertTrue(n == 0 || countOf(split.train(), labels, c) >= 1);
        assertTrue(n < 2 || held >= 1);
        assertTrue(Math.abs(held - n * fraction) <= 1, n + " pictures, held " + held);
      }
    }
  }

  @Test
  void aClassWithOnePictureIsTrainedOnAndNamed() {
    StratifiedSplit split = StratifiedSplit.of(new int[] {0, 1, 0, 0, 2}, 3, 0.9, 1);
    assertEquals(List.of(1, 2), split.trainOnly());
    assertEquals(2, split.val().length);
    assertTrue(Arrays.stream(split.train()).anyMatch(i -> i == 1));
  }

  @Test
  void theSeedChoosesTheHeldOutPictures() {
    int[] labels = new int[100];
    int[] val = StratifiedSplit.of(labels, 1, 0.2, 5).val();
    assertArrayEquals(val, StratifiedSplit.of(labels, 1, 0.2, 5).val());
    assertFalse(Arrays.equals(val, StratifiedSplit.of(labels, 1, 0.2, 6).val()));
  }

  @Test
  void aShareOutsideZeroToOneIsRefused() {
    for (double share : new double[] {0, 1, -0.5, 20, Double.NaN}) {
      assertThrows(UserError.class, () -> StratifiedSplit.of(new int[] {0, 0}, 1, share, 1));
    }
  }
}
