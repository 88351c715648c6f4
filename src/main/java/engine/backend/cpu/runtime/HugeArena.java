package engine.backend.cpu.runtime;

import engine.backend.OutOfDeviceMemoryException;
import engine.base.Setting;
import engine.ffi.Libc;
import java.util.Map;
import java.util.TreeMap;

/**
 * One range of address space, reserved once, handed out in blocks and reused for ever. It is
 * committed from the bottom in steps, on huge pages where the system grants them: on virtual
 * machines the first touch of a small page costs more than the work done on it. Best fit, lowest
 * address first, neighbours merged; what is free at the top can be given back to the system.
 */
public final class HugeArena implements AutoCloseable {
  private static final long ALIGN = 128;
  private static final long STEP = 32L << 20;
  private static final long HUGE_PAGE = 2L << 20;

  private final long mapped;
  private final long mappedBytes;
  private final long base;
  private final long reserved;
  private final long limit;
  private long committed;
  private long top;
  private boolean closed;

  /** Free blocks below {@link #top}: offset to size. */
  private final TreeMap<Long, Long> free = new TreeMap<>();

  /**
   * @param wanted bytes of address space; less is taken where the system refuses
   * @param limit bytes that may be committed
   */
  public HugeArena(long wanted, long limit) {
    long size = wanted;
    long p = Libc.MAP_FAILED;
    while (p == Libc.MAP_FAILED && size >= STEP) {
      p =
          Libc.mmap(
              0,
              size + HUGE_PAGE,
              Libc.PROT_NONE,
              Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE,
              -1,
              0);
      size = p == Libc.MAP_FAILED ? size / 2 : size;
    }
    if (p == Libc.MAP_FAILED) {
      throw new OutOfDeviceMemoryException(
          "the system refuses to map any memory: raise ulimit -v", 0);
    }
    this.mapped = p;
    this.mappedBytes = size + HUGE_PAGE;
    this.base = (p + HUGE_PAGE - 1) & -HUGE_PAGE;
    this.reserved = size;
    this.limit = Math.min(limit, size);
  }

  /** The address of a block of at least {@code bytes}; its contents are undefined. */
  public long allocate(long bytes) {
    long size = round(bytes);
    Map.Entry<Long, Long> best = null;
    for (Map.Entry<Long, Long> e : free.entrySet()) {
      if (e.getValue() >= size && (best == null || e.getValue() < best.getValue())) {
        best = e;
        if (e.getValue() == size) {
          break;
        }
      }
    }
    if (best == null) {
      return extend(size);
    }
    long offset = best.getKey();
    long rest = best.getValue() - size;
    free.remove(offset);
    if (rest > 0) {
      free.put(offset + size, rest);
    }
    return base + offset;
  }

  public void free(long address, long bytes) {
    long offset = address - base;
    long size = round(bytes);
    Map.Entry<Long, Long> before = free.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      offset = before.getKey();
      size += before.getValue();
      free.remove(offset);
    }
    Long after = free.remove(offset + size);
    if (after != null) {
      size += after;
    }
    if (offset + size == top) {
      top = offset;
    } else {
      free.put(offset, size);
    }
  }

  /** Takes a range, all of it free, out of use until it is freed. */
  void reserve(long address, long bytes) {
    long offset = address - base;
    long end = offset + round(bytes);
    if (offset >= top) {
      if (offset > top) {
        Map.Entry<Long, Long> last = free.lastEntry();
        boolean touches = last != null && last.getKey() + last.getValue() == top;
        long start = touches ? last.getKey() : top;
        free.put(start, offset - start);
      }
      top = end;
      return;
    }
    Map.Entry<Long, Long> block = free.floorEntry(offset);
    long blockEnd = block == null ? -1 : block.getKey() + block.getValue();
    if (blockEnd < Math.min(end, top)) {
      throw new IllegalStateException("the range to reserve is in use");
    }
    free.remove(block.getKey());
    if (block.getKey() < offset) {
      free.put(block.getKey(), offset - block.getKey());
    }
    if (end < blockEnd) {
      free.put(end, blockEnd - end);
    }
    top = Math.max(top, end);
  }

  /** Bytes taken from the system so far. */
  public long committed() {
    return committed;
  }

  /** Bytes that may be committed in all, as things are now. */
  public long usable() {
    return committed + Math.min(limit - committed, PhysicalMemory.availableBytes());
  }

  /** Gives the memory above the highest live block back to the system. */
  void trim() {
    long keep = (top + HUGE_PAGE - 1) & -HUGE_PAGE;
    if (keep < committed) {
      Libc.madvise(base + keep, committed - keep, Libc.MADV_DONTNEED);
    }
  }

  private long extend(long size) {
    // A free block that ends at the top is the start of the new one.
    long start = top;
    Map.Entry<Long, Long> last = free.lastEntry();
    if (last != null && last.getKey() + last.getValue() == top) {
      start = last.getKey();
    }
    long end = start + size;
    if (end > committed) {
      commit(end);
    }
    if (start != top) {
      free.remove(start);
    }
    top = end;
    return base + start;
  }

  private void commit(long end) {
    long want = Math.min((end + STEP - 1) / STEP * STEP, reserved);
    long usable = usable();
    if (end > usable) {
      throw outOfMemory(end, usable);
    }
    long at = base + committed;
    if (Libc.mprotect(at, want - committed, Libc.PROT_READ_WRITE) != 0) {
      throw outOfMemory(end, committed);
    }
    // Advice: where there are no huge pages all goes on, slower.
    Libc.madvise(at, want - committed, Libc.MADV_HUGEPAGE);
    committed = want;
  }

  private static OutOfDeviceMemoryException outOfMemory(long wanted, long usable) {
    return new OutOfDeviceMemoryException(
        ("this needs more than %,d MiB of memory and %,d MiB may be used: use a smaller "
                + Setting.BATCH
                + " or "
                + Setting.IMAGE_SIZE)
            .formatted((wanted - 1) >> 20, usable >> 20),
        usable);
  }

  public static long round(long bytes) {
    return Math.max(ALIGN, (bytes + ALIGN - 1) & -ALIGN);
  }

  @Override
  public void close() {
    // A second unmapping would hit whoever got these addresses since.
    if (!closed) {
      closed = true;
      Libc.munmap(mapped, mappedBytes);
    }
  }
}
