package engine.backend.cuda.layout;

import engine.tensor.Layout;
import engine.tensor.Shape;

/**
 * The order N, H, W, C in memory for a tensor of shape [N, C, H, W]: what cuDNN's fused engines and
 * tensor cores read. Convolutions give such images, and their filters [O, C/groups, kH, kW] lie
 * likewise as O, kH, kW, C/groups. Where that is the row-major order as well, with one channel or
 * one pixel, a tensor's layout is {@link Layout#ROW_MAJOR}: equal orders are equal layouts.
 */
public enum ChannelsLast implements Layout {
  INSTANCE;

  /** Axes from the outermost to the innermost in memory. */
  private static final int[] ORDER = {0, 2, 3, 1};

  /** The layout of a tensor of this shape that lies channels-last. */
  public static Layout of(Shape s) {
    if (s.rank() != 4) {
      throw new IllegalArgumentException("channels last takes [N, C, H, W], not " + s);
    }
    return s.dim(1) == 1 || s.dim(2) * s.dim(3) == 1 ? ROW_MAJOR : INSTANCE;
  }

  /** Axes of a shape from the outermost to the innermost in memory. */
  public static int[] order(Shape s, Layout layout) {
    if (!layout.isRowMajor()) {
      return ORDER.clone();
    }
    int[] order = new int[s.rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return order;
  }

  /** Elements between neighbours along each axis. */
  public static long[] strides(Shape s, Layout layout) {
    long[] strides = new long[s.rank()];
    int[] order = order(s, layout);
    long run = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      strides[order[i]] = run;
      run *= s.dim(order[i]);
    }
    return strides;
  }

  @Override
  public String toString() {
    return "channels-last";
  }
}
