package engine.backend.cpu;

import engine.tensor.DType;
import java.lang.foreign.ValueLayout;

/** Row-major conversions to and from F16 in Java: oneDNN has them only on processors that compute in F16. */
final class HalfCasts {
  private HalfCasts() {}

  static void run(Parallel parallel, long from, DType a, long to, DType b, long n) {
    parallel.range(
        n,
        1 << 14,
        (i, end) -> {
          for (long k = i; k < end; k++) {
            store(to, b, k, load(from, a, k));
          }
        });
  }

  private static float load(long address, DType type, long i) {
    return switch (type) {
      case F32 -> Raw.f32(address, i);
      case F16 -> Float.float16ToFloat(bits(address, i));
      case BF16 -> Float.intBitsToFloat(bits(address, i) << 16);
      default -> throw new IllegalArgumentException(type + " cannot be cast to or from F16");
    };
  }

  private static void store(long address, DType type, long i, float v) {
    switch (type) {
      case F32 -> Raw.f32(address, i, v);
      case F16 -> bits(address, i, Float.floatToFloat16(v));
      case BF16 -> bits(address, i, bfloat16(v));
      default -> throw new IllegalArgumentException(type + " cannot be cast to or from F16");
    }
  }

  /** Rounds to nearest even; NaN stays NaN. */
  private static short bfloat16(float v) {
    int b = Float.floatToRawIntBits(v);
    return (short) (v != v ? (b >>> 16) | 0x40 : (b + 0x7fff + ((b >>> 16) & 1)) >>> 16);
  }

  private static short bits(long address, long i) {
    return Raw.MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address + i * 2);
  }

  private static void bits(long address, long i, short v) {
    Raw.MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, address + i * 2, v);
  }
}
