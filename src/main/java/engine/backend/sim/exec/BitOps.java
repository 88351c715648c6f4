package engine.backend.sim.exec;

/** Logic, shifts and bit fields (PTX ISA, 9.7.1 and 9.7.8). Predicates are the ints 0 and 1. */
final class BitOps {
  private BitOps() {}

  @Ptx({"and.b32", "and.pred"})
  static int and(int a, int b) {
    return a & b;
  }

  @Ptx("and.b64")
  static long and(long a, long b) {
    return a & b;
  }

  @Ptx({"or.b32", "or.pred"})
  static int or(int a, int b) {
    return a | b;
  }

  @Ptx("or.b64")
  static long or(long a, long b) {
    return a | b;
  }

  @Ptx({"xor.b32", "xor.pred"})
  static int xor(int a, int b) {
    return a ^ b;
  }

  @Ptx("xor.b64")
  static long xor(long a, long b) {
    return a ^ b;
  }

  @Ptx("not.b32")
  static int not(int a) {
    return ~a;
  }

  @Ptx("not.b64")
  static long not(long a) {
    return ~a;
  }

  @Ptx("not.pred")
  static int notPredicate(int a) {
    return a ^ 1;
  }

  @Ptx("cnot.b32")
  static int logicalNot(int a) {
    return a == 0 ? 1 : 0;
  }

  /** Amounts of 32 and more push every bit out; Java's shift would wrap. */
  @Ptx("shl.b32")
  static int shl(int a, int by) {
    return Integer.compareUnsigned(by, 31) > 0 ? 0 : a << by;
  }

  @Ptx("shl.b64")
  static long shl(long a, int by) {
    return Integer.compareUnsigned(by, 63) > 0 ? 0 : a << by;
  }

  @Ptx({"shr.u32", "shr.b32"})
  static int shrUnsigned(int a, int by) {
    return Integer.compareUnsigned(by, 31) > 0 ? 0 : a >>> by;
  }

  @Ptx({"shr.u64", "shr.b64"})
  static long shrUnsigned(long a, int by) {
    return Integer.compareUnsigned(by, 63) > 0 ? 0 : a >>> by;
  }

  @Ptx("shr.s32")
  static int shr(int a, int by) {
    return a >> (Integer.compareUnsigned(by, 31) > 0 ? 31 : by);
  }

  @Ptx("shr.s64")
  static long shr(long a, int by) {
    return a >> (Integer.compareUnsigned(by, 63) > 0 ? 63 : by);
  }

  /** Funnel shift: the high word of {@code high:low << by}. */
  @Ptx("shf.l.wrap.b32")
  static int funnelLeft(int low, int high, int by) {
    int n = by & 31;
    return n == 0 ? high : high << n | low >>> (32 - n);
  }

  @Ptx("shf.l.clamp.b32")
  static int funnelLeftClamped(int low, int high, int by) {
    return Integer.compareUnsigned(by, 31) > 0 ? low : funnelLeft(low, high, by);
  }

  /** Funnel shift: the low word of {@code high:low >> by}. */
  @Ptx("shf.r.wrap.b32")
  static int funnelRight(int low, int high, int by) {
    int n = by & 31;
    return n == 0 ? low : low >>> n | high << (32 - n);
  }

  @Ptx("shf.r.clamp.b32")
  static int funnelRightClamped(int low, int high, int by) {
    return Integer.compareUnsigned(by, 31) > 0 ? high : funnelRight(low, high, by);
  }

  /** Any function of three bits; {@code table} is its truth table, {@code a} the highest index. */
  @Ptx("lop3.b32")
  static int lop3(int a, int b, int c, int table) {
    int r = 0;
    for (int row = 0; row < 8; row++) {
      if ((table >>> row & 1) != 0) {
        r |= ((row & 4) != 0 ? a : ~a) & ((row & 2) != 0 ? b : ~b) & ((row & 1) != 0 ? c : ~c);
      }
    }
    return r;
  }

  /** Picks four of the eight bytes of {@code b:a}; bit 3 of a selector spreads the byte's sign. */
  @Ptx("prmt.b32")
  static int permute(int a, int b, int selectors) {
    long bytes = (long) b << 32 | Integer.toUnsignedLong(a);
    int r = 0;
    for (int i = 0; i < 4; i++) {
      int s = selectors >>> 4 * i & 15;
      int picked = (int) (bytes >>> 8 * (s & 7)) & 255;
      int value = (s & 8) == 0 ? picked : (byte) picked < 0 ? 255 : 0;
      r |= value << 8 * i;
    }
    return r;
  }

  @Ptx("brev.b32")
  static int reverse(int a) {
    return Integer.reverse(a);
  }

  @Ptx("brev.b64")
  static long reverse(long a) {
    return Long.reverse(a);
  }

  @Ptx("clz.b32")
  static int leadingZeros(int a) {
    return Integer.numberOfLeadingZeros(a);
  }

  @Ptx("clz.b64")
  static int leadingZeros(long a) {
    return Long.numberOfLeadingZeros(a);
  }

  @Ptx("popc.b32")
  static int population(int a) {
    return Integer.bitCount(a);
  }

  @Ptx("popc.b64")
  static int population(long a) {
    return Long.bitCount(a);
  }

  /** The position of the highest one; -1 if there is none. */
  @Ptx("bfind.u32")
  static int highestOne(int a) {
    return 31 - Integer.numberOfLeadingZeros(a);
  }

  /** The position of the highest bit that is not the sign; -1 if there is none. */
  @Ptx("bfind.s32")
  static int highestNonSign(int a) {
    return highestOne(a < 0 ? ~a : a);
  }

  @Ptx("bfe.u32")
  static int extract(int a, int position, int length) {
    return (int) extract(Integer.toUnsignedLong(a), position, length);
  }

  @Ptx("bfe.u64")
  static long extract(long a, int position, int length) {
    int p = position & 255;
    int n = length & 255;
    long shifted = p > 63 ? 0 : a >>> p;
    return n > 63 ? shifted : shifted & ((1L << n) - 1);
  }

  /** The field's sign is that of its highest bit, or of {@code a} where it sticks out of it. */
  @Ptx("bfe.s32")
  static int extractSigned(int a, int position, int length) {
    int p = position & 255;
    int n = length & 255;
    if (n == 0) {
      return 0;
    }
    if (p > 31) {
      return a >> 31;
    }
    int top = Math.min(31, p + n - 1);
    return a << (31 - top) >> (31 - top + p);
  }

  @Ptx("bfi.b32")
  static int insert(int field, int into, int position, int length) {
    int p = position & 255;
    int n = Math.min(length & 255, 32 - Math.min(p, 32));
    long mask = ((1L << n) - 1) << Math.min(p, 32);
    return (int) (into & ~mask | ((long) field << Math.min(p, 32)) & mask);
  }

  @Ptx("bfi.b64")
  static long insert(long field, long into, int position, int length) {
    int p = position & 255;
    int n = Math.min(length & 255, 64 - Math.min(p, 64));
    if (n == 0) {
      return into;
    }
    long mask = (n == 64 ? -1L : (1L << n) - 1) << p;
    return into & ~mask | field << p & mask;
  }

  /** Four products of signed bytes added to {@code c}. */
  @Ptx("dp4a.s32.s32")
  static int dot4(int a, int b, int c) {
    int sum = c;
    for (int i = 0; i < 32; i += 8) {
      sum += (byte) (a >>> i) * (byte) (b >>> i);
    }
    return sum;
  }
}
