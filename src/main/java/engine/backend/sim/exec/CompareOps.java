package engine.backend.sim.exec;

/**
 * {@code setp} and {@code set} (PTX ISA, 9.7.6). Integers come widened to long by their signedness,
 * so only {@code u64} needs methods of its own; floats come as doubles. An ordered comparison with
 * NaN is false, an unordered one ({@code ltu}) true.
 */
final class CompareOps {
  private CompareOps() {}

  @Ptx("eq.int")
  static boolean eq(long a, long b) {
    return a == b;
  }

  @Ptx("ne.int")
  static boolean ne(long a, long b) {
    return a != b;
  }

  @Ptx("lt.int")
  static boolean lt(long a, long b) {
    return a < b;
  }

  @Ptx("le.int")
  static boolean le(long a, long b) {
    return a <= b;
  }

  @Ptx("gt.int")
  static boolean gt(long a, long b) {
    return a > b;
  }

  @Ptx("ge.int")
  static boolean ge(long a, long b) {
    return a >= b;
  }

  @Ptx("lt.u64")
  static boolean lower(long a, long b) {
    return Long.compareUnsigned(a, b) < 0;
  }

  @Ptx("le.u64")
  static boolean lowerOrSame(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0;
  }

  @Ptx("gt.u64")
  static boolean higher(long a, long b) {
    return Long.compareUnsigned(a, b) > 0;
  }

  @Ptx("ge.u64")
  static boolean higherOrSame(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0;
  }

  @Ptx("eq.float")
  static boolean eq(double a, double b) {
    return a == b;
  }

  /** Ordered: false with NaN, unlike Java's {@code !=}. */
  @Ptx("ne.float")
  static boolean ne(double a, double b) {
    return a < b || a > b;
  }

  @Ptx("lt.float")
  static boolean lt(double a, double b) {
    return a < b;
  }

  @Ptx("le.float")
  static boolean le(double a, double b) {
    return a <= b;
  }

  @Ptx("gt.float")
  static boolean gt(double a, double b) {
    return a > b;
  }

  @Ptx("ge.float")
  static boolean ge(double a, double b) {
    return a >= b;
  }

  @Ptx("equ.float")
  static boolean equ(double a, double b) {
    return !ne(a, b);
  }

  @Ptx("neu.float")
  static boolean neu(double a, double b) {
    return a != b;
  }

  @Ptx("ltu.float")
  static boolean ltu(double a, double b) {
    return !(a >= b);
  }

  @Ptx("leu.float")
  static boolean leu(double a, double b) {
    return !(a > b);
  }

  @Ptx("gtu.float")
  static boolean gtu(double a, double b) {
    return !(a <= b);
  }

  @Ptx("geu.float")
  static boolean geu(double a, double b) {
    return !(a < b);
  }

  @Ptx("num.float")
  static boolean num(double a, double b) {
    return !Double.isNaN(a) && !Double.isNaN(b);
  }

  @Ptx("nan.float")
  static boolean nan(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b);
  }
}
