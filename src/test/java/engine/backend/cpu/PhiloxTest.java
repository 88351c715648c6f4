package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class PhiloxTest {
  /**
   * The known answers that the authors publish with Random123 (kat_vectors, philox4x32, 10 rounds).
   */
  @Test
  void knownAnswers() {
    check(new int[] {0, 0, 0, 0}, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    check(new int[] {-1, -1, -1, -1}, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    check(
        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
        0xa4093822,
        0x299f31d0,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  @Test
  void uniformsLieInTheHalfOpenUnitInterval() {
    assertEquals(0f, Philox.uniform(0));
    assertEquals(1 - 0x1p-24f, Philox.uniform(-1));
  }

  private static void check(int[] counter, int key0, int key1, int... words) {
    Philox.generate(counter, key0, key1);
    assertArrayEquals(words, counter);
  }
}
