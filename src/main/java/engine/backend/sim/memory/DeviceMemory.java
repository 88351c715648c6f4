package engine.backend.sim.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * All memory of the software GPU: global memory first, then a scratch range for the shared and
 * local memory of running blocks. Everything here counts in <em>offsets</em> from the start of the
 * mapping; a device address is an offset plus {@link #BASE}, and so the same in every run.
 *
 * <p>The shadow keeps a byte for each aligned group of four bytes: its high four bits say which of
 * them may be touched, its low four which were written (valgrind's and AddressSanitizer's idea,
 * Nethercote and Seward 2007, Serebryany et al. 2012). Whoever uses the unchecked accessors has
 * asked {@link #readable} or {@link #writable} first.
 */
public final class DeviceMemory implements AutoCloseable {
  /** The device address of offset 0. */
  public static final long BASE = 0x7_0000_0000L;

  private static final MemorySegment ALL = Mapping.EVERYWHERE;
  private static final VarHandle INT = JAVA_INT.varHandle();
  private static final VarHandle LONG = JAVA_LONG.varHandle();
  private static final byte TOUCHABLE = (byte) 0xF0;
  private static final byte WRITTEN = (byte) 0xFF;

  private final Mapping data;
  private final Mapping shadow;
  private final Heap heap;
  private final long size;

  /**
   * @param globalBytes what the device says it has
   * @param scratchBytes for shared and local memory, at {@link #scratch()}
   */
  public DeviceMemory(long globalBytes, long scratchBytes) {
    size = globalBytes + scratchBytes;
    data = new Mapping(size);
    shadow = new Mapping(size / 4 + 16);
    heap = new Heap(globalBytes);
  }

  /** The offset of the scratch range. */
  public long scratch() {
    return heap.capacity();
  }

  // ---- allocations ----

  /** Uninitialised memory; null if there is no room. */
  public synchronized Allocation allocate(long bytes, String what) {
    Allocation a = heap.allocate(bytes, what);
    if (a != null) {
      open(a.offset(), bytes);
    }
    return a;
  }

  /** False if no live allocation starts there. */
  public synchronized boolean free(long offset) {
    Allocation a = heap.free(offset);
    if (a == null) {
      return false;
    }
    close(offset, a.bytes());
    if (a.bytes() >= 1 << 20) {
      data.forget(offset, a.bytes());
    }
    return true;
  }

  /** The live allocation that an offset lies in; null if there is none. */
  public synchronized Allocation allocationAt(long offset) {
    Allocation a = heap.atOrBefore(offset);
    return a != null && offset < a.end() ? a : null;
  }

  /** What was never freed. */
  public synchronized List<Allocation> live() {
    return List.copyOf(heap.live());
  }

  public synchronized long liveBytes() {
    return heap.liveBytes();
  }

  public long capacity() {
    return heap.capacity();
  }

  /** Why the bytes may not be read or written, for people. */
  public synchronized String explain(long offset, long bytes) {
    return Explanation.of(heap, offset, bytes, offset >= 0 && offset < size);
  }

  // ---- the shadow ----

  /** Makes a range touchable and uninitialised. */
  public void open(long offset, long bytes) {
    long whole = bytes / 4;
    ALL.asSlice(state(offset), whole).fill(TOUCHABLE);
    int rest = (int) (bytes % 4);
    if (rest > 0) {
      ALL.set(JAVA_BYTE, state(offset) + whole, (byte) (((1 << rest) - 1) << 4));
    }
  }

  /** Makes a range untouchable. */
  public void close(long offset, long bytes) {
    ALL.asSlice(state(offset), (bytes + 3) / 4).fill((byte) 0);
  }

  /** Whether all {@code bytes} (1, 2, 4, 8 or 16, aligned) may be touched and were written. */
  public boolean readable(long offset, int bytes) {
    if (offset < 0 || offset > size - bytes) {
      return false;
    }
    long s = state(offset);
    return switch (bytes) {
      case 4 -> ALL.get(JAVA_BYTE, s) == WRITTEN;
      case 8 -> ALL.get(JAVA_SHORT_UNALIGNED, s) == -1;
      case 16 -> ALL.get(JAVA_INT_UNALIGNED, s) == -1;
      default -> {
        int need = ((1 << bytes) - 1) << (offset & 3);
        yield (ALL.get(JAVA_BYTE, s) & need) == need;
      }
    };
  }

  /** Whether all {@code bytes} (1, 2, 4, 8 or 16, aligned) may be touched. */
  public boolean writable(long offset, int bytes) {
    if (offset < 0 || offset > size - bytes) {
      return false;
    }
    long s = state(offset);
    return switch (bytes) {
      case 4 -> (ALL.get(JAVA_BYTE, s) & 0xF0) == 0xF0;
      case 8 -> (ALL.get(JAVA_SHORT_UNALIGNED, s) & 0xF0F0) == 0xF0F0;
      case 16 -> (ALL.get(JAVA_INT_UNALIGNED, s) & 0xF0F0F0F0) == 0xF0F0F0F0;
      default -> {
        int need = ((1 << bytes) - 1) << (4 + (offset & 3));
        yield (ALL.get(JAVA_BYTE, s) & need) == need;
      }
    };
  }

  /** Notes that the bytes were written; they are {@link #writable}. */
  public void written(long offset, int bytes) {
    long s = state(offset);
    switch (bytes) {
      case 4 -> ALL.set(JAVA_BYTE, s, WRITTEN);
      case 8 -> ALL.set(JAVA_SHORT_UNALIGNED, s, (short) -1);
      case 16 -> ALL.set(JAVA_INT_UNALIGNED, s, -1);
      default -> {
        byte bits = (byte) (((1 << bytes) - 1) << (offset & 3));
        if ((ALL.get(JAVA_BYTE, s) & bits) != bits) {
          // another block may be writing the group's other bytes
          int shifted = (bits & 0xFF) << (int) (8 * (s & 3));
          int unused = (int) INT.getAndBitwiseOr(ALL, s & ~3L, shifted);
        }
      }
    }
  }

  /** The first of the bytes that may not be touched, or was not written; -1 if there is none. */
  public long firstBad(long offset, long bytes, boolean mustBeWritten) {
    if (offset < 0 || bytes > size || offset > size - bytes) {
      return offset;
    }
    int shift = mustBeWritten ? 0 : 4;
    long i = 0;
    while (i < bytes) {
      if (((offset + i) & 31) == 0 && bytes - i >= 32) {
        long eight = ALL.get(JAVA_LONG_UNALIGNED, state(offset + i));
        long need = mustBeWritten ? -1L : 0xF0F0F0F0F0F0F0F0L;
        if ((eight & need) == need) {
          i += 32;
          continue;
        }
      }
      int s = ALL.get(JAVA_BYTE, state(offset + i)) >>> shift;
      if ((s >>> ((offset + i) & 3) & 1) == 0) {
        return offset + i;
      }
      i++;
    }
    return -1;
  }

  /** Notes a range of any size as written. */
  public void writtenRange(long offset, long bytes) {
    long i = offset;
    long end = offset + bytes;
    for (; i < end && (i & 3) != 0; i++) {
      written(i, 1);
    }
    long whole = (end - i) / 4;
    if (whole > 0) {
      ALL.asSlice(state(i), whole).fill(WRITTEN);
    }
    for (i += whole * 4; i < end; i++) {
      written(i, 1);
    }
  }

  private long state(long offset) {
    return shadow.address + (offset >>> 2);
  }

  // ---- unchecked access ----

  public byte getByte(long offset) {
    return ALL.get(JAVA_BYTE, data.address + offset);
  }

  public short getShort(long offset) {
    return ALL.get(JAVA_SHORT_UNALIGNED, data.address + offset);
  }

  public int getInt(long offset) {
    return ALL.get(JAVA_INT_UNALIGNED, data.address + offset);
  }

  public long getLong(long offset) {
    return ALL.get(JAVA_LONG_UNALIGNED, data.address + offset);
  }

  public void putByte(long offset, byte value) {
    ALL.set(JAVA_BYTE, data.address + offset, value);
  }

  public void putShort(long offset, short value) {
    ALL.set(JAVA_SHORT_UNALIGNED, data.address + offset, value);
  }

  public void putInt(long offset, int value) {
    ALL.set(JAVA_INT_UNALIGNED, data.address + offset, value);
  }

  public void putLong(long offset, long value) {
    ALL.set(JAVA_LONG_UNALIGNED, data.address + offset, value);
  }

  /** Compare and swap of an aligned group of four bytes; whether it was {@code expected}. */
  public boolean compareAndSetInt(long offset, int expected, int value) {
    return INT.compareAndSet(ALL, data.address + offset, expected, value);
  }

  /** Compare and swap of an aligned group of eight bytes; whether it was {@code expected}. */
  public boolean compareAndSetLong(long offset, long expected, long value) {
    return LONG.compareAndSet(ALL, data.address + offset, expected, value);
  }

  /** A view of a range that was checked before. */
  public MemorySegment slice(long offset, long bytes) {
    return ALL.asSlice(data.address + offset, bytes);
  }

  /** A copy inside the device; what was not written stays so. */
  public void copy(long from, long to, long bytes) {
    MemorySegment.copy(slice(from, bytes), 0, slice(to, bytes), 0, bytes);
    if (((from | to) & 3) == 0 && bytes % 4 == 0) {
      MemorySegment.copy(ALL, state(from), ALL, state(to), bytes / 4);
    } else {
      for (long i = 0; i < bytes; i++) {
        if (readable(from + i, 1)) {
          written(to + i, 1);
        }
      }
    }
  }

  @Override
  public void close() {
    data.close();
    shadow.close();
  }
}
