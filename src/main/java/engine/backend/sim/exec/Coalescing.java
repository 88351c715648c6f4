package engine.backend.sim.exec;

import engine.backend.sim.exec.AccessStep.Space;
import java.util.Arrays;

/**
 * Into how many parts the hardware cuts a warp's access: 32-byte sectors of global memory (CUDA C++
 * Best Practices Guide, "Coalesced Access to Global Memory"), wavefronts of shared memory, whose 32
 * banks of 4 bytes each serve one word at a time ("Shared Memory and Memory Banks").
 */
final class Coalescing {
  private static final int SECTOR = 32;

  private Coalescing() {}

  static int parts(AccessStep step, Warp w, int lanes) {
    boolean shared =
        step.space == Space.SHARED
            || (step.space == Space.GENERIC && w.at[Warp.first(lanes)] >= w.block.shared());
    return shared ? wavefronts(step, w, lanes) : sectors(step, w, lanes);
  }

  /** Bytes that the lanes want, each counted once. */
  static int bytes(AccessStep step, Warp w, int lanes) {
    long[] places = new long[Warp.LANES];
    int n = 0;
    for (int m = lanes; m != 0; m &= m - 1) {
      places[n++] = w.at[Warp.first(m)];
    }
    return distinct(places, n) * step.bytes;
  }

  private static int sectors(AccessStep step, Warp w, int lanes) {
    long[] touched = new long[Warp.LANES];
    int n = 0;
    for (int m = lanes; m != 0; m &= m - 1) {
      touched[n++] = w.at[Warp.first(m)] / SECTOR; // aligned: an access is in one sector
    }
    return distinct(touched, n);
  }

  /** Wide accesses go in groups of lanes that make 128 bytes together. */
  private static int wavefronts(AccessStep step, Warp w, int lanes) {
    int words = Math.max(1, step.bytes / 4);
    int group = Warp.LANES / words;
    int total = 0;
    for (int first = 0; first < Warp.LANES; first += group) {
      long[][] banks = new long[32][];
      int[] filled = new int[32];
      for (int lane = first; lane < first + group; lane++) {
        if ((lanes >>> lane & 1) != 0) {
          for (int k = 0; k < words; k++) {
            long word = w.at[lane] / 4 + k;
            int bank = (int) (word & 31);
            if (banks[bank] == null) {
              banks[bank] = new long[group * words];
            }
            banks[bank][filled[bank]++] = word;
          }
        }
      }
      int worst = 0;
      for (int bank = 0; bank < 32; bank++) {
        worst = Math.max(worst, banks[bank] == null ? 0 : distinct(banks[bank], filled[bank]));
      }
      total += worst;
    }
    return total;
  }

  private static int distinct(long[] values, int n) {
    Arrays.sort(values, 0, n);
    int count = n == 0 ? 0 : 1;
    for (int i = 1; i < n; i++) {
      count += values[i] == values[i - 1] ? 0 : 1;
    }
    return count;
  }
}
