package engine.backend;

import engine.tensor.Shape;

/** Kernel, stride, padding, dilation (height, width) and the rounding of a 2-d pooling. */
public record PoolGeometry(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padH,
    int padW,
    int dilationH,
    int dilationW,
    boolean ceilMode) {

  public PoolGeometry {
    if (kernelH < 1
        || kernelW < 1
        || strideH < 1
        || strideW < 1
        || dilationH < 1
        || dilationW < 1) {
      throw new IllegalArgumentException(
          "kernel, stride and dilation of a pooling must be at least 1");
    }
    if (padH < 0 || padW < 0 || 2 * padH > kernelH || 2 * padW > kernelW) {
      throw new IllegalArgumentException(
          "the padding of a pooling must be between 0 and half its kernel");
    }
  }

  public static PoolGeometry of(int kernel, int stride, int padding) {
    return new PoolGeometry(kernel, kernel, stride, stride, padding, padding, 1, 1, false);
  }

  /**
   * Output shape for x [N, C, H, W]; in ceil mode the last window must still start inside input or
   * left padding.
   */
  public Shape outputShape(Shape x) {
    long h = out(x.dim(2), kernelH, strideH, padH, dilationH);
    long w = out(x.dim(3), kernelW, strideW, padW, dilationW);
    if (h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "an input "
              + x
              + " is too small for a "
              + kernelH
              + "x"
              + kernelW
              + " pooling: use larger images");
    }
    return Shape.of(x.dim(0), x.dim(1), h, w);
  }

  private long out(long in, int kernel, int stride, int pad, int dilation) {
    long span = in + 2L * pad - (long) dilation * (kernel - 1) - 1;
    if (!ceilMode) {
      return Math.floorDiv(span, stride) + 1;
    }
    long o = Math.ceilDiv(span, stride) + 1;
    return (o - 1) * stride >= in + pad ? o - 1 : o;
  }
}
