package engine.backend.cpu;

/**
 * Philox4x32-10, a counter-based random generator (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011): four words of 32 bits that depend on nothing but a
 * 128-bit counter and a 64-bit key.
 */
final class Philox {
  private static final int ROUNDS = 10;
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  private Philox() {}

  /** Replaces the four words of the counter in {@code c} by four random words. */
  static void generate(int[] c, int key0, int key1) {
    int c0 = c[0];
    int c1 = c[1];
    int c2 = c[2];
    int c3 = c[3];
    int k0 = key0;
    int k1 = key1;
    for (int r = 0; r < ROUNDS; r++) {
      long p0 = M0 * (c0 & 0xffffffffL);
      long p1 = M1 * (c2 & 0xffffffffL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    c[0] = c0;
    c[1] = c1;
    c[2] = c2;
    c[3] = c3;
  }

  /** A uniform in [0, 1) of 24 bits. */
  static float uniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }
}
