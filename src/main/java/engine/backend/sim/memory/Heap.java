package engine.backend.sim.memory;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which ranges of global memory are allocated. Between two allocations lies a gap, so that what
 * runs over an end hits nothing; a freed range rests before it is used again, so that what still
 * points there is caught.
 */
final class Heap {
  /** What cuMemAlloc promises is 256; more costs nothing here. */
  private static final long ALIGN = 512;

  private static final long GAP = 512;
  private static final long RESTING_BYTES = 256L << 20;

  private final TreeMap<Long, Allocation> live = new TreeMap<>();

  /** Free ranges, start to length; neighbours are joined. */
  private final TreeMap<Long, Long> free = new TreeMap<>();

  private final ArrayDeque<Allocation> resting = new ArrayDeque<>();

  /** The last owner of each freed range, for reports. */
  private final TreeMap<Long, Allocation> freed = new TreeMap<>();

  private final long capacity;
  private long restingBytes;
  private long liveBytes;
  private int serial;

  Heap(long capacity) {
    this.capacity = capacity;
    free.put(GAP, capacity - GAP);
  }

  /** Null if there is no room. */
  Allocation allocate(long bytes, String what) {
    long need = footprint(bytes);
    Map.Entry<Long, Long> place = firstFit(need);
    while (place == null && !resting.isEmpty()) {
      wakeOldest();
      place = firstFit(need);
    }
    if (place == null) {
      return null;
    }
    long offset = place.getKey();
    long length = place.getValue(); // removing may give the entry to another key
    free.remove(offset);
    if (length > need) {
      free.put(offset + need, length - need);
    }
    forgetFreed(offset, offset + need);
    Allocation a = new Allocation(++serial, what, offset, bytes);
    live.put(offset, a);
    liveBytes += bytes;
    return a;
  }

  /** Null if no allocation starts at {@code offset}. */
  Allocation free(long offset) {
    Allocation a = live.remove(offset);
    if (a == null) {
      return null;
    }
    liveBytes -= a.bytes();
    freed.put(offset, a);
    resting.add(a);
    restingBytes += footprint(a.bytes());
    while (restingBytes > RESTING_BYTES) {
      wakeOldest();
    }
    return a;
  }

  /**
   * The live allocation that ends or contains {@code offset}, or the one before it; null if none.
   */
  Allocation atOrBefore(long offset) {
    Map.Entry<Long, Allocation> e = live.floorEntry(offset);
    return e == null ? null : e.getValue();
  }

  Allocation after(long offset) {
    Map.Entry<Long, Allocation> e = live.higherEntry(offset);
    return e == null ? null : e.getValue();
  }

  /** The allocation that was there and was freed; null if none. */
  Allocation freedAt(long offset) {
    Map.Entry<Long, Allocation> e = freed.floorEntry(offset);
    return e != null && offset < e.getValue().end() ? e.getValue() : null;
  }

  Collection<Allocation> live() {
    return live.values();
  }

  long liveBytes() {
    return liveBytes;
  }

  long capacity() {
    return capacity;
  }

  private static long footprint(long bytes) {
    return (bytes + GAP + ALIGN - 1) / ALIGN * ALIGN;
  }

  private Map.Entry<Long, Long> firstFit(long need) {
    for (Map.Entry<Long, Long> e : free.entrySet()) {
      if (e.getValue() >= need) {
        return e;
      }
    }
    return null;
  }

  private void wakeOldest() {
    Allocation a = resting.remove();
    long start = a.offset();
    long length = footprint(a.bytes());
    restingBytes -= length;
    Map.Entry<Long, Long> before = free.floorEntry(start);
    if (before != null && before.getKey() + before.getValue() == start) {
      free.remove(before.getKey());
      start = before.getKey();
      length += before.getValue();
    }
    Long after = free.remove(start + length);
    free.put(start, length + (after == null ? 0 : after));
  }

  private void forgetFreed(long from, long to) {
    freed.subMap(from, to).clear();
  }
}
