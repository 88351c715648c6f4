package engine.backend.sim.math;

import engine.backend.sim.memory.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The types of elements in device memory, and how their values are read, rounded and written. */
public enum ElementType {
  F32(4),
  F64(8),
  F16(2),
  BF16(2),
  I8(1),
  U8(1),
  I32(4),
  I64(8),
  BOOL(1);

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  public boolean isFloating() {
    return this == F32 || this == F64 || this == F16 || this == BF16;
  }

  /** The value at a byte offset of {@link DeviceMemory}, unchecked. */
  double read(DeviceMemory m, long offset) {
    return switch (this) {
      case F32 -> Float.intBitsToFloat(m.getInt(offset));
      case F64 -> Double.longBitsToDouble(m.getLong(offset));
      case F16 -> Float.float16ToFloat(m.getShort(offset));
      case BF16 -> Float.intBitsToFloat(m.getShort(offset) << 16);
      case I8 -> m.getByte(offset);
      case U8, BOOL -> m.getByte(offset) & 0xff;
      case I32 -> m.getInt(offset);
      case I64 -> m.getLong(offset);
    };
  }

  /** The value at an address of the caller's memory: of scalars that are passed by value. */
  public double readHost(MemorySegment at) {
    return switch (this) {
      case F32 -> Float.intBitsToFloat(at.get(INT, 0));
      case F64 -> Double.longBitsToDouble(at.get(LONG, 0));
      case F16 -> Float.float16ToFloat(at.get(SHORT, 0));
      case BF16 -> Float.intBitsToFloat(at.get(SHORT, 0) << 16);
      case I8 -> at.get(ValueLayout.JAVA_BYTE, 0);
      case U8, BOOL -> at.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
      case I32 -> at.get(INT, 0);
      case I64 -> at.get(LONG, 0);
    };
  }

  /** Writes a value that {@link #round} gave, unchecked. */
  void write(DeviceMemory m, long offset, double value) {
    switch (this) {
      case F32 -> m.putInt(offset, Float.floatToRawIntBits((float) value));
      case F64 -> m.putLong(offset, Double.doubleToRawLongBits(value));
      case F16 -> m.putShort(offset, Float.floatToFloat16((float) value));
      case BF16 ->
          m.putShort(offset, (short) (Float.floatToRawIntBits((float) round(value)) >>> 16));
      case I8, U8, BOOL -> m.putByte(offset, (byte) (long) value);
      case I32 -> m.putInt(offset, (int) (long) value);
      case I64 -> m.putLong(offset, (long) value);
    }
  }

  /**
   * The nearest value of this type, halves to even; whole numbers are clamped to the type's range,
   * as the conversion instructions of a GPU do it.
   */
  public double round(double v) {
    return switch (this) {
      case F32 -> (float) v;
      case F64 -> v;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) v));
      case BF16 -> bfloat16((float) v);
      case I8 -> clamp(v, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case U8 -> clamp(v, 0, 255);
      case I32 -> clamp(v, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case I64 -> clamp(v, Long.MIN_VALUE, Long.MAX_VALUE);
      case BOOL -> v == 0 ? 0 : 1;
    };
  }

  private static double clamp(double v, double low, double high) {
    return Math.clamp(Math.rint(Double.isNaN(v) ? 0 : v), low, high);
  }

  private static float bfloat16(float v) {
    if (Float.isNaN(v)) {
      return v;
    }
    int bits = Float.floatToRawIntBits(v);
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    return Float.intBitsToFloat(rounded & 0xFFFF0000);
  }
}
