package engine.backend.sim.exec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Three longs for each place in memory, made where memory is touched. */
final class ShadowTable {
  static final int LONGS = 3;
  private static final int PLACES = 1024;
  private static final int CACHE = 256;

  /** About 100 MB; what lies beyond goes unwatched. */
  private static final int MOST_CHUNKS = 4096;

  private final Map<Long, long[]> chunks = new HashMap<>();
  private final long[] cachedNumber = new long[CACHE];
  private final long[][] cached = new long[CACHE][];

  /** The chunk of a place; null where memory is not watched any more. */
  long[] chunk(long place) {
    long number = place / PLACES;
    int slot = (int) number & (CACHE - 1);
    if (cached[slot] != null && cachedNumber[slot] == number) {
      return cached[slot];
    }
    long[] c = chunks.get(number);
    if (c == null) {
      if (chunks.size() >= MOST_CHUNKS) {
        return null;
      }
      c = new long[LONGS * PLACES];
      chunks.put(number, c);
    }
    cached[slot] = c;
    cachedNumber[slot] = number;
    return c;
  }

  /** Where a place's longs begin in its chunk. */
  static int index(long place) {
    return (int) (place % PLACES) * LONGS;
  }

  /** Starts afresh when half full: stamps of former launches mean nothing. */
  void trim() {
    if (chunks.size() > MOST_CHUNKS / 2) {
      clear();
    }
  }

  void clear() {
    chunks.clear();
    Arrays.fill(cached, null);
  }
}
