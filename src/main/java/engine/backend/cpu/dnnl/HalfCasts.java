package engine.backend.cpu.dnnl;

import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import java.lang.foreign.ValueLayout;

/**
 * Row-major conversions between F32, F16 and BF16 in Java, to the bit: oneDNN has F16 only on
 * processors that compute in it, and the BF16 instructions flush subnormal values to zero.
 */
final class HalfCasts {
  private HalfCasts() {}

  static boolean serves(DType from, DType to) {
    return from != to && isFloat(from) && isFloat(to);
  }

  private static boolean isFloat(DType t) {
    return t == DType.F32 || t == DType.F16 || t == DType.BF16;
  }

  static void run(Parallel parallel, long from, DType a, long to, DType b, long n) {
    parallel.range(
        n,
        1 << 14,
        (i, end) -> {
          // The common two have loops of their own, which the JIT vectorises.
          if (a == DType.F32 && b == DType.BF16) {
            for (long k = i; k < end; k++) {
              bits(to, k, bfloat16(Raw.f32(from, k)));
            }
          } else if (a == DType.BF16 && b == DType.F32) {
            for (long k = i; k < end; k++) {
              Raw.f32(to, k, Float.intBitsToFloat(bits(from, k) << 16));
            }
          } else {
            for (long k = i; k < end; k++) {
              store(to, b, k, load(from, a, k));
            }
          }
        });
  }

  private static float load(long address, DType type, long i) {
    return switch (type) {
      case F32 -> Raw.f32(address, i);
      case F16 -> Float.float16ToFloat(bits(address, i));
      default -> Float.intBitsToFloat(bits(address, i) << 16);
    };
  }

  private static void store(long address, DType type, long i, float v) {
    switch (type) {
      case F32 -> Raw.f32(address, i, v);
      case F16 -> bits(address, i, Float.floatToFloat16(v));
      default -> bits(address, i, bfloat16(v));
    }
  }

  /** Rounds to nearest even; NaN stays NaN. */
  static short bfloat16(float v) {
    int b = Float.floatToRawIntBits(v);
    return (short) (Float.isNaN(v) ? (b >>> 16) | 0x40 : (b + 0x7fff + ((b >>> 16) & 1)) >>> 16);
  }

  private static short bits(long address, long i) {
    return Raw.MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address + i * 2);
  }

  private static void bits(long address, long i, short v) {
    Raw.MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, address + i * 2, v);
  }
}
