package engine.backend;

import engine.tensor.Shape;

/** Stride, padding, dilation (height, width) and groups of a 2-d convolution. */
public record Conv2dGeometry(
    int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {

  public Conv2dGeometry {
    if (strideH < 1
        || strideW < 1
        || dilationH < 1
        || dilationW < 1
        || groups < 1
        || padH < 0
        || padW < 0) {
      throw new IllegalArgumentException(
          "stride, dilation and groups of a convolution must be at least 1 and its padding at least 0");
    }
  }

  /** A square one with dilation 1. */
  public static Conv2dGeometry of(int stride, int padding, int groups) {
    return new Conv2dGeometry(stride, stride, padding, padding, 1, 1, groups);
  }

  /**
   * Output shape: {@code floor((in + 2*pad - dilation*(kernel-1) - 1) / stride) + 1}.
   *
   * @param x [N, C, H, W]
   * @param w [O, C/groups, kH, kW]
   * @throws IllegalArgumentException where channels disagree or the window does not fit
   */
  public Shape outputShape(Shape x, Shape w) {
    if (x.rank() != 4 || w.rank() != 4 || x.dim(1) != w.dim(1) * groups || w.dim(0) % groups != 0) {
      throw new IllegalArgumentException(
          "a convolution of weight " + w + " in " + groups + " groups does not take an input " + x);
    }
    long h = out(x.dim(2), w.dim(2), strideH, padH, dilationH);
    long v = out(x.dim(3), w.dim(3), strideW, padW, dilationW);
    if (h < 1 || v < 1) {
      throw new IllegalArgumentException(
          "an input " + x + " is too small for a kernel " + w + ": use larger images");
    }
    return Shape.of(x.dim(0), w.dim(0), h, v);
  }

  private static long out(long in, long kernel, int stride, int pad, int dilation) {
    return Math.floorDiv(in + 2L * pad - dilation * (kernel - 1) - 1, stride) + 1;
  }
}
