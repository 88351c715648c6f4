package engine.backend.sim.exec;

/**
 * Floating point (PTX ISA, 9.7.3 to 9.7.5). Java's {@code float} and {@code double} round to
 * nearest even, as {@code .rn} does. What PTX calls {@code approx} is computed here to the last
 * bit: a real GPU may differ in the last two.
 */
final class FloatOps {
  private FloatOps() {}

  @Ptx("add.f32")
  static float add(float a, float b) {
    return a + b;
  }

  @Ptx("add.f64")
  static double add(double a, double b) {
    return a + b;
  }

  @Ptx("sub.f32")
  static float sub(float a, float b) {
    return a - b;
  }

  @Ptx("sub.f64")
  static double sub(double a, double b) {
    return a - b;
  }

  @Ptx("mul.f32")
  static float mul(float a, float b) {
    return a * b;
  }

  @Ptx("mul.f64")
  static double mul(double a, double b) {
    return a * b;
  }

  @Ptx({"fma.f32", "mad.f32"})
  static float fma(float a, float b, float c) {
    return Math.fma(a, b, c);
  }

  @Ptx({"fma.f64", "mad.f64"})
  static double fma(double a, double b, double c) {
    return Math.fma(a, b, c);
  }

  /** For half precision: the exact sum, rounded so that rounding it to half once more is right. */
  @Ptx("fma.f16")
  static float fmaForHalf(float a, float b, float c) {
    return Rounding.toOdd((double) a * b, c);
  }

  @Ptx({"div.f32", "div.full.f32", "div.approx.f32"})
  static float div(float a, float b) {
    return a / b;
  }

  @Ptx("div.f64")
  static double div(double a, double b) {
    return a / b;
  }

  @Ptx({"rcp.f32", "rcp.approx.f32"})
  static float reciprocal(float a) {
    return 1f / a;
  }

  @Ptx({"rcp.f64", "rcp.approx.f64"})
  static double reciprocal(double a) {
    return 1 / a;
  }

  @Ptx({"sqrt.f32", "sqrt.approx.f32"})
  static float sqrt(float a) {
    return (float) Math.sqrt(a);
  }

  @Ptx("sqrt.f64")
  static double sqrt(double a) {
    return Math.sqrt(a);
  }

  @Ptx("rsqrt.approx.f32")
  static float inverseSqrt(float a) {
    return (float) (1 / Math.sqrt(a));
  }

  @Ptx("rsqrt.approx.f64")
  static double inverseSqrt(double a) {
    return 1 / Math.sqrt(a);
  }

  @Ptx("ex2.approx.f32")
  static float exp2(float a) {
    return (float) Math.pow(2, a);
  }

  @Ptx("lg2.approx.f32")
  static float log2(float a) {
    // an exact power of two has an exact logarithm; the quotient of two logarithms may not
    int e = Math.getExponent(a);
    boolean power = a > 0 && e >= Float.MIN_EXPONENT && Math.scalb(1f, e) == a;
    return power ? e : (float) (Math.log(a) / Math.log(2));
  }

  @Ptx("sin.approx.f32")
  static float sin(float a) {
    return (float) Math.sin(a);
  }

  @Ptx("cos.approx.f32")
  static float cos(float a) {
    return (float) Math.cos(a);
  }

  @Ptx("tanh.approx.f32")
  static float tanh(float a) {
    return (float) Math.tanh(a);
  }

  /** If one is NaN the other one comes out, unlike in Java. */
  @Ptx("min.f32")
  static float min(float a, float b) {
    return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.min(a, b);
  }

  @Ptx("min.f64")
  static double min(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
  }

  @Ptx("min.NaN.f32")
  static float minOrNan(float a, float b) {
    return Math.min(a, b);
  }

  @Ptx("max.f32")
  static float max(float a, float b) {
    return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.max(a, b);
  }

  @Ptx("max.f64")
  static double max(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
  }

  @Ptx("max.NaN.f32")
  static float maxOrNan(float a, float b) {
    return Math.max(a, b);
  }

  @Ptx("abs.f32")
  static float abs(float a) {
    return Math.abs(a);
  }

  @Ptx("abs.f64")
  static double abs(double a) {
    return Math.abs(a);
  }

  @Ptx("neg.f32")
  static float neg(float a) {
    return -a;
  }

  @Ptx("neg.f64")
  static double neg(double a) {
    return -a;
  }

  /** The second operand with the sign of the first. */
  @Ptx("copysign.f32")
  static float copySign(float sign, float magnitude) {
    return Math.copySign(magnitude, sign);
  }

  @Ptx("copysign.f64")
  static double copySign(double sign, double magnitude) {
    return Math.copySign(magnitude, sign);
  }

  @Ptx("testp.finite.f32")
  static int isFinite(float a) {
    return Float.isFinite(a) ? 1 : 0;
  }

  @Ptx("testp.infinite.f32")
  static int isInfinite(float a) {
    return Float.isInfinite(a) ? 1 : 0;
  }

  @Ptx("testp.notanumber.f32")
  static int isNan(float a) {
    return Float.isNaN(a) ? 1 : 0;
  }

  @Ptx("testp.number.f32")
  static int isNumber(float a) {
    return Float.isNaN(a) ? 0 : 1;
  }

  // ---- directed rounding: the exact result is a double and an error term ----

  @Ptx("add.rm.f32")
  static float addDown(float a, float b) {
    return Rounding.down(a, b);
  }

  @Ptx("add.rp.f32")
  static float addUp(float a, float b) {
    return Rounding.up(a, b);
  }

  @Ptx("add.rz.f32")
  static float addToZero(float a, float b) {
    return Rounding.toZero(a, b);
  }

  @Ptx("mul.rm.f32")
  static float mulDown(float a, float b) {
    return Rounding.down((double) a * b, 0);
  }

  @Ptx("mul.rp.f32")
  static float mulUp(float a, float b) {
    return Rounding.up((double) a * b, 0);
  }

  @Ptx("mul.rz.f32")
  static float mulToZero(float a, float b) {
    return Rounding.toZero((double) a * b, 0);
  }

  @Ptx("fma.rm.f32")
  static float fmaDown(float a, float b, float c) {
    return Rounding.down((double) a * b, c);
  }

  @Ptx("fma.rp.f32")
  static float fmaUp(float a, float b, float c) {
    return Rounding.up((double) a * b, c);
  }

  @Ptx("fma.rz.f32")
  static float fmaToZero(float a, float b, float c) {
    return Rounding.toZero((double) a * b, c);
  }

  // ---- modifiers ----

  /** {@code .ftz}: what is subnormal becomes a zero of its sign. */
  static float flush(float a) {
    return Math.abs(a) < Float.MIN_NORMAL ? Math.copySign(0f, a) : a;
  }

  /** {@code .sat}: into [0, 1], NaN to 0. */
  static float saturate(float a) {
    return a > 0 ? Math.min(a, 1f) : 0f;
  }

  /** {@code .relu}: what is negative becomes 0; NaN stays. */
  static float relu(float a) {
    return a < 0 ? 0f : a;
  }
}
