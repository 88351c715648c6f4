package engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Values at rest: row-major, little-endian, in memory that the CPU can read. What files hold and
 * what tests compare; computing is done on {@code Tensor}s.
 */
public record HostTensor(DType dtype, Shape shape, MemorySegment data) {
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  public HostTensor {
    if (data.byteSize() != shape.elements() * dtype.bytes()) {
      throw new IllegalArgumentException(
          dtype
              + " "
              + shape
              + " needs "
              + shape.elements() * dtype.bytes()
              + " bytes, not "
              + data.byteSize());
    }
  }

  public static HostTensor of(float[] values, long... shape) {
    return new HostTensor(DType.F32, Shape.of(shape), MemorySegment.ofArray(values));
  }

  public static HostTensor of(double[] values, long... shape) {
    return new HostTensor(DType.F64, Shape.of(shape), MemorySegment.ofArray(values));
  }

  public static HostTensor of(long[] values, long... shape) {
    return new HostTensor(DType.I64, Shape.of(shape), MemorySegment.ofArray(values));
  }

  public static HostTensor of(int[] values, long... shape) {
    return new HostTensor(DType.I32, Shape.of(shape), MemorySegment.ofArray(values));
  }

  /** Unsigned bytes. */
  public static HostTensor of(byte[] values, long... shape) {
    return new HostTensor(DType.U8, Shape.of(shape), MemorySegment.ofArray(values));
  }

  /** Zeros in native memory that lives until the garbage collector finds it unused. */
  public static HostTensor zeros(DType dtype, Shape shape) {
    return new HostTensor(
        dtype,
        shape,
        Arena.ofAuto()
            .allocate(Math.max(1, shape.elements() * dtype.bytes()), 64)
            .asSlice(0, shape.elements() * dtype.bytes()));
  }

  /** Element {@code i} of the flattened tensor, whatever the type. */
  public double get(long i) {
    return switch (dtype) {
      case F64 -> data.get(F64, i * 8);
      case F32 -> data.get(F32, i * 4);
      case F16 -> Float.float16ToFloat(data.get(I16, i * 2));
      case BF16 -> Float.intBitsToFloat(data.get(I16, i * 2) << 16);
      case I64 -> data.get(I64, i * 8);
      case I32 -> data.get(I32, i * 4);
      case I16 -> data.get(I16, i * 2);
      case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
      case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, i) & 0xff;
    };
  }

  /** The only element of a scalar or one-element tensor. */
  public double item() {
    if (shape.elements() != 1) {
      throw new IllegalStateException(shape + " is not one value");
    }
    return get(0);
  }

  public float[] toFloats() {
    float[] out = new float[Math.toIntExact(shape.elements())];
    if (dtype == DType.F32) {
      MemorySegment.copy(data, F32, 0, out, 0, out.length);
    } else {
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) get(i);
      }
    }
    return out;
  }

  public double[] toDoubles() {
    double[] out = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < out.length; i++) {
      out[i] = get(i);
    }
    return out;
  }

  public long[] toLongs() {
    long[] out = new long[Math.toIntExact(shape.elements())];
    for (int i = 0; i < out.length; i++) {
      out[i] = dtype == DType.I64 ? data.get(I64, i * 8L) : (long) get(i);
    }
    return out;
  }

  public byte[] toBytes() {
    return data.toArray(ValueLayout.JAVA_BYTE);
  }
}
