package engine.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.ClassBalance;
import engine.data.Dataset;
import engine.data.image.PixelImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The orders of an epoch. */
final class SamplerTest {
  /** 3 of class 0, 90 of class 1, 7 of class 3; none of class 2. */
  private static final class Uneven implements Dataset {
    @Override
    public int size() {
      return 100;
    }

    @Override
    public List<String> classNames() {
      return List.of("a", "b", "none", "c");
    }

    @Override
    public int label(int index) {
      return index < 3 ? 0 : index < 93 ? 1 : 3;
    }

    @Override
    public String name(int index) {
      return "" + index;
    }

    @Override
    public PixelImage load(int index) {
      return new PixelImage(1, 1, 1, new byte[1]);
    }
  }

  @Test
  void aBalancedEpochShowsEveryClassEquallyOften() {
    Dataset d = new Uneven();
    Sampler s = Sampler.balanced(d, 4);
    assertTrue(s.repeats());
    for (int epoch = 0; epoch < 3; epoch++) {
      int[] order = s.order(epoch);
      assertEquals(100, order.length);
      int[] count = new int[4];
      int[] times = new int[100];
      for (int i : order) {
        count[d.label(i)]++;
        times[i]++;
      }
      assertEquals(0, count[2]);
      for (int c : new int[] {0, 1, 3}) {
        assertTrue(count[c] == 33 || count[c] == 34, Arrays.toString(count));
      }
      assertTrue(times[0] >= 11 && times[1] >= 11 && times[2] >= 11, "none is left out");
      assertArrayEquals(order, s.order(epoch), "the same at every asking");
    }
    assertFalse(Arrays.equals(s.order(0), s.order(1)));
  }

  @Test
  void balancedWeightsGiveEveryClassTheSameSum() {
    float[] w = ClassBalance.of(new Uneven()).weights();
    assertArrayEquals(new float[] {100f / 12, 100f / 360, 0, 100f / 28}, w, 1e-6f);
  }
}
