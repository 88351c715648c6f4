package engine.backend;

import engine.tensor.Tensor;

/**
 * Watching ranges and rounding to a grid, all on the device, so that a recorded training step needs
 * no host. A grid is a scale and a zero point, one a tensor or one a channel: {@code q = clamp(zp +
 * round(x / scale), qmin, qmax)} with halves to even, {@code x ~ (q - zp) * scale} (Jacob et al.
 * 2018, equation 1). As in PyTorch the division is a product with the fp32 reciprocal, and the zero
 * point is added after the rounding.
 */
public interface Quantizers {
  /** How a range becomes a scale and a zero point. */
  enum Scheme {
    /** From the smaller of min and 0 to the larger of max and 0. */
    AFFINE,
    /**
     * Zero point in the middle, scale {@code absmax / ((qmax - qmin) / 2)}: PyTorch's observers.
     */
    SYMMETRIC,
    /**
     * Zero point in the middle, scale {@code max(min / qmin, max / qmax)}: PyTorch's fused
     * fake-quant, whose grid ends at the extremes themselves.
     */
    SYMMETRIC_ENDS
  }

  /**
   * Takes the extremes of {@code x} into {@code min} and {@code max}. Where they still hold +inf
   * and -inf they become those of x; else they move towards them.
   *
   * @param axis the channels' axis (x is row-major then), or -1 for one range of the whole tensor
   * @param factor null, or F32 [channels] that multiplies x first; axis must be 0
   * @param averaging share of the new extremes; 0 keeps the widest range instead
   */
  void observeInPlace(Tensor x, int axis, Tensor factor, Tensor min, Tensor max, float averaging);

  /**
   * The scale and zero point of a range: they always can express 0, and a scale is at least 2^-23.
   *
   * @param scale F32 [channels], overwritten
   * @param zeroPoint I32 [channels], overwritten
   */
  void qparamsInPlace(
      Tensor min, Tensor max, Scheme scheme, int qmin, int qmax, Tensor scale, Tensor zeroPoint);

  /**
   * A grid on the device and the tensor it belongs to.
   *
   * @param axis as for {@link #observeInPlace}
   * @param scale F32 [channels], read when a kernel runs
   * @param zeroPoint I32 [channels]
   */
  record QuantRange(int axis, Tensor scale, Tensor zeroPoint, int qmin, int qmax) {}

  /**
   * x on the grid, back as real numbers, in the layout of x.
   *
   * @param factor null, or F32 [channels]: the result is {@code round(x * factor) / factor}, which
   *     is how a norm's scale takes part in the rounding of the weight before it; the axis must be
   *     0. A factor of 0 leaves its channel as it is.
   */
  Tensor fakeQuantize(Tensor x, Tensor factor, QuantRange grid);

  /**
   * The straight-through gradient (Bengio et al. 2013): dy where the rounded x was inside the grid,
   * else 0. In the layout of x.
   */
  Tensor fakeQuantizeBackward(Tensor dy, Tensor x, Tensor factor, QuantRange grid);

  /**
   * {@code sum(dy * (inside * x - y))} a channel, where y is x rounded: what the gradients of a
   * factor and of a learned scale are made of.
   *
   * @param x row-major
   * @return F32 [channels]; with axis -1 [1]
   */
  Tensor roundingGradient(Tensor dy, Tensor x, Tensor factor, QuantRange grid);

  /** {@code gamma / sqrt(variance + eps)} a channel, into {@code factor}. */
  void normFactorInPlace(Tensor gamma, Tensor variance, float eps, Tensor factor);

  /**
   * Bits that an 8-bit weight may use: 8, or 7 on a processor whose u8 times s8 products saturate
   * in 16 bits (before VNNI).
   */
  int weightBits();
}
