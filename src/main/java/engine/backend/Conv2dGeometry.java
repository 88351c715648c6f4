package engine.backend;

import engine.tensor.Shape;

/** Stride, padding, dilation (height, width) and groups of a 2-d convolution. */
public record Conv2dGeometry(
    int strideH, int strideW, Padding padding, int dilationH, int dilationW, int groups) {

  /** Rows and columns of zeros around an image. */
  public record Padding(int top, int left, int bottom, int right) {
    public Padding {
      if (top < 0 || left < 0 || bottom < 0 || right < 0) {
        throw new IllegalArgumentException("the padding of a convolution must be at least 0");
      }
    }

    /** Whether opposite sides have as many. */
    public boolean isSymmetric() {
      return top == bottom && left == right;
    }
  }

  public Conv2dGeometry {
    if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "stride, dilation and groups of a convolution must be at least 1");
    }
  }

  /** One that pads opposite sides alike. */
  public Conv2dGeometry(
      int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {
    this(strideH, strideW, new Padding(padH, padW, padH, padW), dilationH, dilationW, groups);
  }

  /** A square one with dilation 1. */
  public static Conv2dGeometry of(int stride, int padding, int groups) {
    return new Conv2dGeometry(stride, stride, padding, padding, 1, 1, groups);
  }

  /** The same with another padding. */
  public Conv2dGeometry withPadding(Padding p) {
    return new Conv2dGeometry(strideH, strideW, p, dilationH, dilationW, groups);
  }

  /**
   * The same with the padding that TensorFlow calls "same": so many zeros that an output is {@code
   * ceil(in / stride)} long, half of them on each side, and an odd one at the end. It depends on
   * the size of the images.
   *
   * @param x [N, C, H, W]
   * @param w [O, C/groups, kH, kW]
   */
  public Conv2dGeometry paddedSame(Shape x, Shape w) {
    int h = zeros(x.dim(2), w.dim(2), strideH, dilationH);
    int v = zeros(x.dim(3), w.dim(3), strideW, dilationW);
    return withPadding(new Padding(h / 2, v / 2, h - h / 2, v - v / 2));
  }

  private static int zeros(long in, long kernel, int stride, int dilation) {
    long read = (Math.ceilDiv(in, stride) - 1) * stride + (kernel - 1) * dilation + 1;
    return (int) Math.max(0, read - in);
  }

  public int padTop() {
    return padding.top;
  }

  public int padLeft() {
    return padding.left;
  }

  public int padBottom() {
    return padding.bottom;
  }

  public int padRight() {
    return padding.right;
  }

  /**
   * Output shape: {@code floor((in + padding - dilation*(kernel-1) - 1) / stride) + 1}, the padding
   * of both sides.
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
    long h = out(x.dim(2) + padTop() + padBottom(), w.dim(2), strideH, dilationH);
    long v = out(x.dim(3) + padLeft() + padRight(), w.dim(3), strideW, dilationW);
    if (h < 1 || v < 1) {
      throw new IllegalArgumentException(
          "an input " + x + " is too small for a kernel " + w + ": use larger images");
    }
    return Shape.of(x.dim(0), w.dim(0), h, v);
  }

  private static long out(long padded, long kernel, int stride, int dilation) {
    return Math.floorDiv(padded - dilation * (kernel - 1) - 1, stride) + 1;
  }
}
