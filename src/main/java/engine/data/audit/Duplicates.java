package engine.data.audit;

import engine.data.audit.Fingerprint.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds pictures that are the same, or nearly so: scaled, compressed again, brighter, slightly
 * cropped. Mirrored and turned ones are not found.
 */
final class Duplicates {
  /** Bits of two hashes that may differ. */
  private static final int MOST_BITS = 8;

  /**
   * Hashes of different pictures of one kind of scene, such as a horizon, are often near; their
   * pixels are not.
   */
  private static final double LEAST_CORRELATION = 0.985;

  /** Up to so many every pair is compared: some seconds. */
  private static final int MOST_FOR_ALL_PAIRS = 60_000;

  /** Of more, those that share one of four parts of the hash. */
  private static final int PARTS = 4;

  private final Fingerprint[] prints;
  private final int[] parent;

  private Duplicates(Fingerprint[] prints) {
    this.prints = prints;
    parent = new int[prints.length];
    for (int i = 0; i < parent.length; i++) {
      parent[i] = i;
    }
  }

  /**
   * The groups of at least two, each in rising order, by their first.
   *
   * @param prints null for a picture that cannot be read
   */
  static List<List<Integer>> groups(Fingerprint[] prints) {
    Duplicates d = new Duplicates(prints);
    List<Integer> distinct = d.uniteEqual();
    if (distinct.size() <= MOST_FOR_ALL_PAIRS) {
      d.uniteNear(distinct);
    } else {
      d.uniteNearByParts(distinct);
    }
    Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < prints.length; i++) {
      if (prints[i] != null) {
        groups.computeIfAbsent(d.root(i), _ -> new ArrayList<>()).add(i);
      }
    }
    return groups.values().stream().filter(g -> g.size() > 1).toList();
  }

  /** One of each set of equal pictures. */
  private List<Integer> uniteEqual() {
    Map<Digest, Integer> first = new HashMap<>();
    List<Integer> distinct = new ArrayList<>();
    for (int i = 0; i < prints.length; i++) {
      if (prints[i] != null) {
        Integer before = first.putIfAbsent(prints[i].digest(), i);
        if (before == null) {
          distinct.add(i);
        } else {
          unite(before, i);
        }
      }
    }
    return distinct;
  }

  private void uniteNear(List<Integer> some) {
    int[] at = some.stream().mapToInt(i -> i).toArray();
    long[] hashes = some.stream().mapToLong(i -> prints[i].hash()).toArray();
    for (int a = 0; a < at.length; a++) {
      for (int b = a + 1; b < at.length; b++) {
        if (Long.bitCount(hashes[a] ^ hashes[b]) <= MOST_BITS) {
          uniteIfAlike(at[a], at[b]);
        }
      }
    }
  }

  private void uniteNearByParts(List<Integer> some) {
    int bits = Long.SIZE / PARTS;
    for (int part = 0; part < PARTS; part++) {
      Map<Long, List<Integer>> byPart = new HashMap<>();
      for (int i : some) {
        long key = prints[i].hash() >>> part * bits & (1L << bits) - 1;
        byPart.computeIfAbsent(key, _ -> new ArrayList<>()).add(i);
      }
      byPart.values().forEach(this::uniteNear);
    }
  }

  private void uniteIfAlike(int a, int b) {
    if (prints[a].correlation(prints[b]) >= LEAST_CORRELATION) {
      unite(a, b);
    }
  }

  private void unite(int a, int b) {
    int x = root(a);
    int y = root(b);
    parent[Math.max(x, y)] = Math.min(x, y);
  }

  private int root(int i) {
    int at = i;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** Whether all pictures of a group have the same pixels. */
  static boolean areEqual(Fingerprint[] prints, List<Integer> group) {
    Set<Digest> digests = new HashSet<>();
    group.forEach(i -> digests.add(prints[i].digest()));
    return digests.size() == 1;
  }
}
