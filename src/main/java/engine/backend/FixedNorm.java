package engine.backend;

/**
 * A norm with fixed statistics as it is folded into the convolution before it, a channel: {@code w'
 * = w * factor} and {@code b' = shift + (b - mean) * factor} with {@code factor = scale /
 * sqrt(variance + eps)}. Whoever folds takes the arithmetic from here, so that a folded network has
 * the same weights on every device and in every file.
 */
public record FixedNorm(float factor, float shift, float mean) {
  /**
   * @param eps added to the variance
   */
  public static FixedNorm of(float scale, float shift, float mean, float variance, float eps) {
    return new FixedNorm((float) (scale / Math.sqrt(variance + (double) eps)), shift, mean);
  }

  /**
   * The bias of the two.
   *
   * @param before the convolution's own
   */
  public float bias(float before) {
    return shift + (before - mean) * factor;
  }

  /** Makes filters of one channel those of the two; they lie from {@code first} to {@code end}. */
  public void scaleInPlace(float[] filters, int first, int end) {
    float f = factor;
    for (int i = first; i < end; i++) {
      filters[i] *= f;
    }
  }
}
