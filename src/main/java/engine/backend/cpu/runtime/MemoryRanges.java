package engine.backend.cpu.runtime;

import java.util.Map;
import java.util.TreeMap;

/** A set of addresses as disjoint ranges, in order. */
public final class MemoryRanges {
  /** Sees a range. */
  interface Visitor {
    void visit(long address, long bytes);
  }

  /** Start to end. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  public void add(long address, long bytes) {
    long start = address;
    long end = address + bytes;
    Map.Entry<Long, Long> e = ranges.floorEntry(end);
    while (e != null && e.getValue() >= start) {
      start = Math.min(start, e.getKey());
      end = Math.max(end, e.getValue());
      ranges.remove(e.getKey());
      e = ranges.floorEntry(end);
    }
    ranges.put(start, end);
  }

  public void remove(long address, long bytes) {
    long start = address;
    long end = address + bytes;
    Map.Entry<Long, Long> e = ranges.lowerEntry(end);
    while (e != null && e.getValue() > start) {
      ranges.remove(e.getKey());
      if (e.getValue() > end) {
        ranges.put(end, e.getValue());
      }
      if (e.getKey() < start) {
        ranges.put(e.getKey(), start);
      }
      e = ranges.lowerEntry(end);
      if (e != null && e.getValue() <= start) {
        break;
      }
    }
  }

  void forEach(Visitor visitor) {
    ranges.forEach((start, end) -> visitor.visit(start, end - start));
  }

  long bytes() {
    return ranges.entrySet().stream().mapToLong(e -> e.getValue() - e.getKey()).sum();
  }
}
