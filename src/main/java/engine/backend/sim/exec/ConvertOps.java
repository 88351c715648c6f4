package engine.backend.sim.exec;

/**
 * {@code cvt} (PTX ISA, 9.7.9.21). An integer source comes as a long, widened by its signedness; a
 * float source as a double, which holds each float and half exactly.
 */
final class ConvertOps {
  private ConvertOps() {}

  /** To nearest even. */
  @Ptx("rni")
  static double nearest(double a) {
    return Math.rint(a);
  }

  @Ptx("rzi")
  static double toZero(double a) {
    return a < 0 ? Math.ceil(a) : Math.floor(a);
  }

  @Ptx("rmi")
  static double down(double a) {
    return Math.floor(a);
  }

  @Ptx("rpi")
  static double up(double a) {
    return Math.ceil(a);
  }

  /** Into the range of a signed integer of {@code bits}; NaN is 0, and with 64 bits the minimum. */
  static long toSigned(double a, int bits) {
    if (bits == 64) {
      return Double.isNaN(a) ? Long.MIN_VALUE : (long) a;
    }
    long limit = 1L << (bits - 1);
    return Math.clamp((long) a, -limit, limit - 1);
  }

  /** Into the range of an unsigned integer of {@code bits}; NaN is 0, and with 64 bits 2^63. */
  static long toUnsigned(double a, int bits) {
    if (bits < 64) {
      return Math.clamp((long) a, 0, (1L << bits) - 1);
    }
    if (Double.isNaN(a)) {
      return Long.MIN_VALUE;
    }
    if (a < 0x1p63) {
      return Math.max(0, (long) a);
    }
    return a >= 0x1p64 ? -1L : (long) (a - 0x1p63) + Long.MIN_VALUE;
  }

  /** Between integers, {@code .sat}: the value is at the source's width already. */
  static long clampSigned(long a, int bits) {
    long limit = bits == 64 ? 0 : 1L << (bits - 1);
    return bits == 64 ? a : Math.clamp(a, -limit, limit - 1);
  }

  static long clampUnsigned(long a, int bits) {
    return bits == 64 ? Math.max(a, 0) : Math.clamp(a, 0, (1L << bits) - 1);
  }

  static float toFloat(long a) {
    return a;
  }

  static double toDouble(long a) {
    return a;
  }

  static float unsignedToFloat(long a) {
    // halve with the lost bit kept sticky, so that the one rounding is right
    return a >= 0 ? a : (float) (a >>> 1 | a & 1) * 2f;
  }

  static double unsignedToDouble(long a) {
    return a >= 0 ? a : (double) (a >>> 1 | a & 1) * 2d;
  }

  @Ptx("rn")
  static float toFloat(double a) {
    return (float) a;
  }

  @Ptx("rz")
  static float toFloatTowardsZero(double a) {
    return Rounding.toZero(a, 0);
  }

  @Ptx("rm")
  static float toFloatDown(double a) {
    return Rounding.down(a, 0);
  }

  @Ptx("rp")
  static float toFloatUp(double a) {
    return Rounding.up(a, 0);
  }

  /** A double on its way to a half: see {@link Rounding#toOdd}. */
  static float towardsHalf(double a) {
    return Rounding.toOdd(a, 0);
  }

  // ---- halves ----

  static float fromHalf(int bits) {
    return Float.float16ToFloat((short) bits);
  }

  static int toHalf(float a) {
    return Float.floatToFloat16(a) & 0xFFFF;
  }

  static float fromBfloat(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** To nearest even; NaN becomes PTX's canonical one. */
  static int toBfloat(float a) {
    int bits = Float.floatToRawIntBits(a);
    return Float.isNaN(a) ? 0x7FFF : (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
  }

  static int toHalfTowardsZero(float a) {
    int h = toHalf(a);
    return Math.abs(fromHalf(h)) > Math.abs(a) ? h - 1 : h;
  }

  static int toBfloatTowardsZero(float a) {
    return Float.isNaN(a) ? 0x7FFF : Float.floatToRawIntBits(a) >>> 16;
  }
}
