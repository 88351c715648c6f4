package engine.backend;

import engine.tensor.Shape;

/** Kernel, stride, padding, dilation (height, width) and the rounding of a 2-d pooling. */
public record PoolGeometry(
    Extent kernel, Extent stride, Extent padding, Extent dilation, boolean ceilMode) {

  /** Along the height and the width. */
  public record Extent(int h, int w) {
    static Extent square(int side) {
      return new Extent(side, side);
    }
  }

  public PoolGeometry {
    if (Math.min(kernel.h, kernel.w) < 1
        || Math.min(stride.h, stride.w) < 1
        || Math.min(dilation.h, dilation.w) < 1) {
      throw new IllegalArgumentException(
          "kernel, stride and dilation of a pooling must be at least 1");
    }
    if (padding.h < 0 || padding.w < 0 || 2 * padding.h > kernel.h || 2 * padding.w > kernel.w) {
      throw new IllegalArgumentException(
          "the padding of a pooling must be between 0 and half its kernel");
    }
  }

  public static PoolGeometry of(int kernel, int stride, int padding) {
    return new PoolGeometry(
        Extent.square(kernel),
        Extent.square(stride),
        Extent.square(padding),
        Extent.square(1),
        false);
  }

  public int kernelH() {
    return kernel.h;
  }

  public int kernelW() {
    return kernel.w;
  }

  public int strideH() {
    return stride.h;
  }

  public int strideW() {
    return stride.w;
  }

  public int padH() {
    return padding.h;
  }

  public int padW() {
    return padding.w;
  }

  public int dilationH() {
    return dilation.h;
  }

  public int dilationW() {
    return dilation.w;
  }

  /**
   * Output shape for x [N, C, H, W]; in ceil mode the last window must still start inside input or
   * left padding.
   */
  public Shape outputShape(Shape x) {
    long h = out(x.dim(2), kernel.h, stride.h, padding.h, dilation.h);
    long w = out(x.dim(3), kernel.w, stride.w, padding.w, dilation.w);
    if (h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "an input "
              + x
              + " is too small for a "
              + kernel.h
              + "x"
              + kernel.w
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
