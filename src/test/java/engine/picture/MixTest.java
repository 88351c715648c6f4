package engine.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How pictures and their targets are mixed. */
final class MixTest {
  private static final Region BOX = new Region(1, 2, 3, 4);

  @Test
  void aBoxHasThePartOfItsAreaAndBlendsNoValues() {
    Mix m = Mix.cut(BOX, 6, 8);
    assertEquals(0.75, m.lambda());
    assertEquals(1, m.ownValues());
    assertFalse(m.blends());
    assertTrue(new Mix(0.75, null).blends());
    assertFalse(Mix.NONE.blends());
  }

  @Test
  void whatIsNoMixIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Mix(Double.NaN, null));
    assertThrows(IllegalArgumentException.class, () -> new Mix(1.1, null));
    assertThrows(IllegalArgumentException.class, () -> Mix.cut(BOX, 3, 8));
  }

  @Test
  void targetsAreMixedWithThoseOfThePictureBeforeAndTheFirstWithTheLast() {
    float[] q = MixedTargets.oneHot(3).of(new int[] {0, 1, 2}, new Mix(0.75, null));
    assertArrayEquals(new float[] {.75f, 0, .25f, .25f, .75f, 0, 0, .25f, .75f}, q);
  }

  @Test
  void aLonePictureIsItsOwnPartner() {
    assertEquals(0, Mix.partner(0, 1));
    float[] q = MixedTargets.oneHot(2).of(new int[] {1}, Mix.cut(BOX, 6, 8));
    assertArrayEquals(new float[] {0, 1}, q);
  }

  @Test
  void smoothingAndWeightsAreInTheTargets() {
    MixedTargets targets = new MixedTargets(2, 0.9f, 0.1f, new float[] {1, 2});
    float[] q = targets.of(new int[] {0, 1}, new Mix(0.5, null));
    assertArrayEquals(new float[] {0.5f, 1, 0.5f, 1}, q, 1e-6f);
  }
}
