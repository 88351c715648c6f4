package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.Conv2dGeometry;
import engine.backend.sim.math.ElementType;
import engine.tensor.Shape;

/**
 * A finalised convolution descriptor: padding before and after each spatial axis, filter strides
 * and dilations.
 */
record ConvolutionShape(
    ElementType compute,
    boolean flipped,
    long[] before,
    long[] after,
    long[] strides,
    long[] dilations) {

  static ConvolutionShape of(Descriptor d) {
    long spatial = d.number(Attribute.CONVOLUTION_SPATIAL_DIMS);
    ConvolutionShape c =
        new ConvolutionShape(
            DataTypes.of(d.number(Attribute.CONVOLUTION_COMP_TYPE)),
            d.number(Attribute.CONVOLUTION_CONV_MODE) == 0,
            axes(d, Attribute.CONVOLUTION_PRE_PADDINGS, spatial, 0),
            axes(d, Attribute.CONVOLUTION_POST_PADDINGS, spatial, 0),
            axes(d, Attribute.CONVOLUTION_FILTER_STRIDES, spatial, 1),
            axes(d, Attribute.CONVOLUTION_DILATIONS, spatial, 1));
    if (spatial < 1) {
      throw bad("a convolution needs at least one spatial axis, not %d", spatial);
    }
    return c;
  }

  private static long[] axes(Descriptor d, Attribute a, long spatial, long least) {
    long[] v = d.elements(a);
    if (v.length != spatial) {
      throw bad("%s has %d values for %d spatial axes", a, v.length, spatial);
    }
    for (long n : v) {
      if (n < least) {
        throw bad("%s holds %d, and %d is the least", a, n, least);
      }
    }
    return v;
  }

  /** Groups, by the ratio of channels. */
  static int groups(DnnTensor x, DnnTensor w) {
    return Math.toIntExact(x.dims()[1] / w.dims()[1]);
  }

  /**
   * Checks that the extents belong together.
   *
   * @param x input, or its gradient
   * @param y output, or its gradient
   */
  void check(DnnTensor x, DnnTensor w, DnnTensor y) {
    int spatial = strides.length;
    if (x.rank() != spatial + 2 || w.rank() != x.rank() || y.rank() != x.rank()) {
      throw bad(
          "%d spatial axes want tensors of rank %d, not %s, %s and %s",
          spatial, spatial + 2, x, w, y);
    }
    long channels = w.dims()[1];
    if (x.dims()[1] % channels != 0) {
      throw bad("the %d channels of %s are no multiple of those of %s", x.dims()[1], x, w);
    }
    if (w.dims()[0] % (x.dims()[1] / channels) != 0 || y.dims()[1] != w.dims()[0]) {
      throw bad("the output channels of %s and %s in %d groups", w, y, x.dims()[1] / channels);
    }
    if (y.dims()[0] != x.dims()[0]) {
      throw bad("batches of %d in %s and %d in %s", x.dims()[0], x, y.dims()[0], y);
    }
    for (int i = 0; i < spatial; i++) {
      long span = x.dims()[i + 2] + before[i] + after[i] - dilations[i] * (w.dims()[i + 2] - 1) - 1;
      long out = Math.floorDiv(span, strides[i]) + 1;
      if (span < 0 || y.dims()[i + 2] != out) {
        throw bad(
            "spatial axis %d: the output of %s by %s has %d elements, but %s has %d",
            i, x, w, Math.max(0, out), y, y.dims()[i + 2]);
      }
    }
  }

  /** The shape of {@code x} with its padding. */
  Shape padded(DnnTensor x) {
    return Shape.of(
        x.dims()[0],
        x.dims()[1],
        x.dims()[2] + before[0] + after[0],
        x.dims()[3] + before[1] + after[1]);
  }

  /** Whether the padding is the same on both sides. */
  boolean isSymmetric() {
    return before[0] == after[0] && before[1] == after[1];
  }

  /** For an input with or without its padding. */
  Conv2dGeometry geometry(int groups, boolean padded) {
    return new Conv2dGeometry(
        (int) strides[0],
        (int) strides[1],
        padded ? 0 : (int) before[0],
        padded ? 0 : (int) before[1],
        (int) dilations[0],
        (int) dilations[1],
        groups);
  }
}
