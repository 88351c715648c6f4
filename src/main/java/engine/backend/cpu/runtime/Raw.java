package engine.backend.cpu.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Plain loads and stores at addresses, for kernels. All of memory is one segment here, so callers
 * mind the bounds.
 */
public final class Raw {
  public static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Raw() {}

  public static float f32(long address, long i) {
    return MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address + i * 4);
  }

  public static void f32(long address, long i, float v) {
    MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address + i * 4, v);
  }

  public static int i32(long address, long i) {
    return MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, address + i * 4);
  }

  public static void i32(long address, long i, int v) {
    MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, address + i * 4, v);
  }

  public static long i64(long address, long i) {
    return MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, address + i * 8);
  }

  public static void i64(long address, long i, long v) {
    MEMORY.set(ValueLayout.JAVA_LONG_UNALIGNED, address + i * 8, v);
  }

  public static int u8(long address, long i) {
    return MEMORY.get(ValueLayout.JAVA_BYTE, address + i) & 0xff;
  }

  public static void u8(long address, long i, int v) {
    MEMORY.set(ValueLayout.JAVA_BYTE, address + i, (byte) v);
  }

  /** {@code bytes} bytes at an address as a segment. */
  public static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
