package engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The largest absolute value among many, by comparing bits: without its sign a floating number is
 * ordered as an integer, infinity comes above every number, and NaN above infinity. One pass of
 * integer maxima tells both how large the values are and whether all of them are finite.
 */
public final class Magnitude {
  /** Values a chunk: they stay in the second-level cache. */
  private static final int CHUNK = 1 << 15;

  private Magnitude() {}

  /**
   * The largest absolute value as F32: NaN if there is one, infinite if there is one or a value is
   * beyond F32; 0 of no values and of integers, which are finite whatever they are.
   */
  public static float of(HostTensor t) {
    return of(t.data(), t.dtype());
  }

  /** The same of values that lie one after the other. */
  public static float of(MemorySegment values, DType dtype) {
    return switch (dtype) {
      case F32 -> Float.intBitsToFloat(largest32(values));
      case BF16 -> Float.intBitsToFloat(largest16(values) << 16);
      case F16 -> Float.float16ToFloat((short) largest16(values));
      case F64 -> (float) Double.longBitsToDouble(largest64(values));
      default -> 0;
    };
  }

  // In arrays: C2 makes fast loops over them long before it does over memory, which decides in a
  // process that lives for a second.

  private static int largest32(MemorySegment values) {
    long n = values.byteSize() / Integer.BYTES;
    int[] chunk = new int[(int) Math.min(CHUNK, n)];
    int largest = 0;
    for (long i = 0; i < n; i += CHUNK) {
      int count = (int) Math.min(CHUNK, n - i);
      MemorySegment.copy(values, ValueLayout.JAVA_INT_UNALIGNED, 4 * i, chunk, 0, count);
      largest = Math.max(largest, largest(chunk, count));
    }
    return largest;
  }

  private static int largest(int[] bits, int n) {
    int largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, bits[i] & 0x7fffffff);
    }
    return largest;
  }

  private static int largest16(MemorySegment values) {
    long n = values.byteSize() / Short.BYTES;
    short[] chunk = new short[(int) Math.min(CHUNK, n)];
    int largest = 0;
    for (long i = 0; i < n; i += CHUNK) {
      int count = (int) Math.min(CHUNK, n - i);
      MemorySegment.copy(values, ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, chunk, 0, count);
      for (int k = 0; k < count; k++) {
        largest = Math.max(largest, chunk[k] & 0x7fff);
      }
    }
    return largest;
  }

  private static long largest64(MemorySegment values) {
    long largest = 0;
    for (long i = 0; i < values.byteSize(); i += Long.BYTES) {
      largest = Math.max(largest, values.get(ValueLayout.JAVA_LONG_UNALIGNED, i) & Long.MAX_VALUE);
    }
    return largest;
  }
}
