package engine.quant;

import engine.backend.Quantizers.Scheme;

/**
 * Which grid a tensor is rounded to, before its range is known.
 *
 * @param axis of the channels, or -1 for one scale
 * @param qmin least value of the grid; below 0 the values are signed
 */
public record QuantSpec(Scheme scheme, int axis, int qmin, int qmax) {
  /** Activations: u8 with a zero point. */
  public static final QuantSpec ACTIVATION = new QuantSpec(Scheme.AFFINE, -1, 0, 255);

  /**
   * Sums that wait to be added to: s8 around 0, which oneDNN and others add without a zero point.
   */
  public static final QuantSpec SIGNED = new QuantSpec(Scheme.SYMMETRIC, -1, -128, 127);

  public QuantSpec {
    if (qmin >= qmax || qmin > 0 || qmax < 0) {
      throw new IllegalArgumentException(
          "a grid must hold 0 and more, not " + qmin + " to " + qmax);
    }
  }

  /**
   * Weights: s8, symmetric, one scale an output channel, with the divisor of PyTorch's observers.
   *
   * @param bits 8, or 7 where the processor's products saturate
   */
  public static QuantSpec weight(int bits) {
    int half = 1 << (bits - 1);
    return new QuantSpec(Scheme.SYMMETRIC, 0, -half, half - 1);
  }

  boolean isSigned() {
    return qmin < 0;
  }
}
