package engine.backend.sim.dnn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements of attributes in the caller's arrays; real numbers as the bits of a double. */
final class Elements {
  private Elements() {}

  static long read(ValueType type, MemorySegment array, int i) {
    return switch (type) {
      case FLOAT -> Double.doubleToRawLongBits(array.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i));
      case BOOLEAN, CHAR -> array.get(ValueLayout.JAVA_BYTE, i);
      default ->
          type.bytes == 8
              ? array.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i)
              : array.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
    };
  }

  static void write(ValueType type, MemorySegment array, int i, long value) {
    switch (type) {
      case FLOAT ->
          array.set(
              ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) Double.longBitsToDouble(value));
      case BOOLEAN, CHAR -> array.set(ValueLayout.JAVA_BYTE, i, (byte) value);
      default -> {
        if (type.bytes == 8) {
          array.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, value);
        } else {
          array.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, (int) value);
        }
      }
    }
  }
}
