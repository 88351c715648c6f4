package engine.base;

import java.util.SplittableRandom;

/**
 * Independent random streams by what they are for. Every random choice of the data path is drawn
 * from a stream whose key names the choice (run seed, epoch, sample), never from one shared
 * generator: so the order in which threads get to it, or where a resumed run starts, cannot change
 * it.
 */
public final class Seeds {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  /**
   * One 64-bit key from several numbers: each is folded in and followed by the finaliser of
   * SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014, with
   * Stafford's constants, variant 13). Neighbouring inputs give unrelated keys, and the order of
   * the inputs matters.
   */
  public static long mix(long... parts) {
    long key = GOLDEN_GAMMA * (parts.length + 1L);
    for (long part : parts) {
      key = mix64((key ^ part) + GOLDEN_GAMMA);
    }
    return key;
  }

  /** The stream whose key is {@link #mix} of the parts. */
  public static SplittableRandom stream(long... parts) {
    return new SplittableRandom(mix(parts));
  }

  /** A permutation of {@code values} in place, by Fisher and Yates. */
  public static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int t = values[i];
      values[i] = values[j];
      values[j] = t;
    }
  }

  private static long mix64(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
