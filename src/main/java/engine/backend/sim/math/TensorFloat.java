package engine.backend.sim.math;

/** TF32, what tensor cores make of a fp32 operand: its exponent, and 10 bits after the point. */
public final class TensorFloat {
  private static final int DROPPED = 13;

  private TensorFloat() {}

  /**
   * The nearest TF32 value, halves away from 0 (PTX, {@code cvt.rna.tf32.f32}).
   *
   * @param v a fp32 value
   */
  public static double round(double v) {
    float f = (float) v;
    if (!Float.isFinite(f)) {
      return f;
    }
    int half = 1 << (DROPPED - 1);
    return Float.intBitsToFloat((Float.floatToRawIntBits(f) + half) & -(1 << DROPPED));
  }
}
