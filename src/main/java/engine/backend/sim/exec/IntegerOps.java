package engine.backend.sim.exec;

/** Integer arithmetic (PTX ISA, 9.7.1), 32 and 64 bits; the JVM's int and long wrap as PTX's do. */
final class IntegerOps {
  private IntegerOps() {}

  @Ptx({"add.s32", "add.u32"})
  static int add(int a, int b) {
    return a + b;
  }

  @Ptx({"add.s64", "add.u64"})
  static long add(long a, long b) {
    return a + b;
  }

  @Ptx("add.sat.s32")
  static int addSaturated(int a, int b) {
    return Math.clamp((long) a + b, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Ptx({"sub.s32", "sub.u32"})
  static int sub(int a, int b) {
    return a - b;
  }

  @Ptx({"sub.s64", "sub.u64"})
  static long sub(long a, long b) {
    return a - b;
  }

  @Ptx("sub.sat.s32")
  static int subSaturated(int a, int b) {
    return Math.clamp((long) a - b, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Ptx({"mul.lo.s32", "mul.lo.u32"})
  static int mulLo(int a, int b) {
    return a * b;
  }

  @Ptx({"mul.lo.s64", "mul.lo.u64"})
  static long mulLo(long a, long b) {
    return a * b;
  }

  @Ptx("mul.hi.s32")
  static int mulHi(int a, int b) {
    return (int) ((long) a * b >> 32);
  }

  @Ptx("mul.hi.u32")
  static int mulHiUnsigned(int a, int b) {
    return (int) (unsigned(a) * unsigned(b) >>> 32);
  }

  @Ptx("mul.hi.s64")
  static long mulHi(long a, long b) {
    return Math.multiplyHigh(a, b);
  }

  @Ptx("mul.hi.u64")
  static long mulHiUnsigned(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b);
  }

  @Ptx("mul.wide.s32")
  static long mulWide(int a, int b) {
    return (long) a * b;
  }

  @Ptx("mul.wide.u32")
  static long mulWideUnsigned(int a, int b) {
    return unsigned(a) * unsigned(b);
  }

  @Ptx({"mul24.lo.s32", "mul24.lo.u32"})
  static int mul24(int a, int b) {
    return (a << 8 >> 8) * (b << 8 >> 8);
  }

  @Ptx({"mad.lo.s32", "mad.lo.u32"})
  static int madLo(int a, int b, int c) {
    return a * b + c;
  }

  @Ptx({"mad.lo.s64", "mad.lo.u64"})
  static long madLo(long a, long b, long c) {
    return a * b + c;
  }

  @Ptx("mad.hi.s32")
  static int madHi(int a, int b, int c) {
    return mulHi(a, b) + c;
  }

  @Ptx("mad.hi.u32")
  static int madHiUnsigned(int a, int b, int c) {
    return mulHiUnsigned(a, b) + c;
  }

  @Ptx("mad.wide.s32")
  static long madWide(int a, int b, long c) {
    return (long) a * b + c;
  }

  @Ptx("mad.wide.u32")
  static long madWideUnsigned(int a, int b, long c) {
    return mulWideUnsigned(a, b) + c;
  }

  /** Division by zero is unspecified in PTX; the hardware gives all ones. */
  @Ptx("div.s32")
  static int div(int a, int b) {
    return b == 0 ? -1 : a / b;
  }

  @Ptx("div.u32")
  static int divUnsigned(int a, int b) {
    return b == 0 ? -1 : Integer.divideUnsigned(a, b);
  }

  @Ptx("div.s64")
  static long div(long a, long b) {
    return b == 0 ? -1 : a / b;
  }

  @Ptx("div.u64")
  static long divUnsigned(long a, long b) {
    return b == 0 ? -1 : Long.divideUnsigned(a, b);
  }

  @Ptx("rem.s32")
  static int rem(int a, int b) {
    return b == 0 ? a : a % b;
  }

  @Ptx("rem.u32")
  static int remUnsigned(int a, int b) {
    return b == 0 ? a : Integer.remainderUnsigned(a, b);
  }

  @Ptx("rem.s64")
  static long rem(long a, long b) {
    return b == 0 ? a : a % b;
  }

  @Ptx("rem.u64")
  static long remUnsigned(long a, long b) {
    return b == 0 ? a : Long.remainderUnsigned(a, b);
  }

  @Ptx("abs.s32")
  static int abs(int a) {
    return Math.abs(a);
  }

  @Ptx("abs.s64")
  static long abs(long a) {
    return Math.abs(a);
  }

  @Ptx("neg.s32")
  static int neg(int a) {
    return -a;
  }

  @Ptx("neg.s64")
  static long neg(long a) {
    return -a;
  }

  @Ptx("min.s32")
  static int min(int a, int b) {
    return Math.min(a, b);
  }

  @Ptx("min.u32")
  static int minUnsigned(int a, int b) {
    return Integer.compareUnsigned(a, b) < 0 ? a : b;
  }

  @Ptx("min.s64")
  static long min(long a, long b) {
    return Math.min(a, b);
  }

  @Ptx("min.u64")
  static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  @Ptx("max.s32")
  static int max(int a, int b) {
    return Math.max(a, b);
  }

  @Ptx("max.u32")
  static int maxUnsigned(int a, int b) {
    return Integer.compareUnsigned(a, b) > 0 ? a : b;
  }

  @Ptx("max.s64")
  static long max(long a, long b) {
    return Math.max(a, b);
  }

  @Ptx("max.u64")
  static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  @Ptx("sad.s32")
  static int sad(int a, int b, int c) {
    return c + (a < b ? b - a : a - b);
  }

  @Ptx("sad.u32")
  static int sadUnsigned(int a, int b, int c) {
    return c + (Integer.compareUnsigned(a, b) < 0 ? b - a : a - b);
  }

  private static long unsigned(int a) {
    return Integer.toUnsignedLong(a);
  }
}
