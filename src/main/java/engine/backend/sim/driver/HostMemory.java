package engine.backend.sim.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import engine.ffi.CudaDriver;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The caller's memory, by the pointers that it passed. A null pointer is an invalid value. */
public final class HostMemory {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private HostMemory() {}

  public static void notNull(long pointer, String name) {
    if (pointer == 0) {
      throw new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, name + " is null");
    }
  }

  public static void putInt(long pointer, String name, int value) {
    notNull(pointer, name);
    ALL.set(JAVA_INT_UNALIGNED, pointer, value);
  }

  public static void putLong(long pointer, String name, long value) {
    notNull(pointer, name);
    ALL.set(JAVA_LONG_UNALIGNED, pointer, value);
  }

  public static void putFloat(long pointer, String name, float value) {
    notNull(pointer, name);
    ALL.set(JAVA_FLOAT_UNALIGNED, pointer, value);
  }

  public static int getInt(long pointer) {
    return ALL.get(JAVA_INT_UNALIGNED, pointer);
  }

  public static long getLong(long pointer) {
    return ALL.get(JAVA_LONG_UNALIGNED, pointer);
  }

  /** A NUL-terminated string. */
  public static String string(long pointer, String name) {
    notNull(pointer, name);
    return ALL.getString(pointer);
  }

  /** At most {@code bytes} with the NUL. */
  public static void putString(long pointer, String name, int bytes, String value) {
    notNull(pointer, name);
    if (bytes < 1) {
      throw new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, "there is no room for " + name);
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int n = Math.min(utf8.length, bytes - 1);
    MemorySegment.copy(utf8, 0, ALL, JAVA_BYTE, pointer, n);
    ALL.set(JAVA_BYTE, pointer + n, (byte) 0);
  }

  public static MemorySegment slice(long pointer, long bytes) {
    return ALL.asSlice(pointer, bytes);
  }
}
