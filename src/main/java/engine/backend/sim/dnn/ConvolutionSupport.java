package engine.backend.sim.dnn;

import engine.backend.sim.math.ElementType;
import java.util.Collection;
import java.util.List;

/**
 * For which convolutions cuDNN 9.24 has engines on compute capability 8.6, as its planner says with
 * no GPU present; where in doubt, none.
 */
final class ConvolutionSupport {
  /** Of bytes, what 128-bit loads of compute capability 7.5 want; later ones take any number. */
  private static final int CHANNELS = 16;

  private ConvolutionSupport() {}

  static void check(Convolution c) {
    if (c.x().rank() != 4) {
      throw new DnnError(
          Status.NOT_SUPPORTED_SHAPE, "the software GPU convolves images only, with two axes");
    }
    if (c.shape().flipped()) {
      throw new DnnError(
          Status.NOT_SUPPORTED,
          "the software GPU does not flip filters: set CUDNN_CROSS_CORRELATION");
    }
    if (c.isWhole()) {
      checkWhole(c);
    } else {
      checkFloating(c);
    }
  }

  private static void checkWhole(Convolution c) {
    if (c.direction() != Convolution.Direction.FORWARD) {
      throw types(c, "bytes have no gradients");
    }
    if (c.shape().compute() != ElementType.I32) {
      throw types(c, "products of bytes are summed in int32");
    }
    ElementType y = c.y().type();
    if (y != ElementType.I32 && y != ElementType.F32 && y != ElementType.I8) {
      throw types(c, "the result is int32, float or int8");
    }
    for (DnnTensor t : List.of(c.x(), c.w(), c.y())) {
      if (t.strides()[1] != 1) {
        throw new DnnError(
            Status.NOT_SUPPORTED_LAYOUT,
            "bytes are convolved channels last, and %s is not".formatted(t));
      }
    }
    if (c.x().dims()[1] % CHANNELS != 0 || c.y().dims()[1] % CHANNELS != 0) {
      throw new DnnError(
          Status.NOT_SUPPORTED_SHAPE,
          "%d and %d channels of bytes: Turing's engines have multiples of %d only"
              .formatted(c.x().dims()[1], c.y().dims()[1], CHANNELS));
    }
  }

  private static void checkFloating(Convolution c) {
    ElementType a = c.direction() == Convolution.Direction.DATA ? c.y().type() : c.x().type();
    ElementType b = c.direction() == Convolution.Direction.FILTER ? c.y().type() : c.w().type();
    DnnTensor result = c.outputs().getFirst();
    if (a != b || !a.isFloating() || a == ElementType.F64) {
      throw types(c, "both operands are half, bfloat16 or float");
    }
    if (c.shape().compute() != ElementType.F32) {
      throw types(c, "the software GPU sums in float only");
    }
    boolean wide =
        c.direction() == Convolution.Direction.FORWARD && result.type() == ElementType.F32;
    if (!result.virtual() && !wide && result.type() != a) {
      throw types(
          c, "a result of another type goes through a virtual tensor and a pointwise identity");
    }
  }

  /**
   * What halves want where other operations are in the graph: everything lies N, H, W, C, and a
   * gradient of filters has even numbers of channels. Stricter than cuDNN 9.24, which takes filters
   * and virtual tensors of another order, but not on compute capability 7.5.
   *
   * @param tensors of the graph
   */
  static void checkFused(Convolution c, Collection<DnnTensor> tensors) {
    if (c.isWhole() || c.x().type() == ElementType.F32 && c.y().type() == ElementType.F32) {
      return;
    }
    for (DnnTensor t : tensors) {
      if (t.rank() == 4 && !t.isChannelsLast()) {
        throw new DnnError(
            Status.NOT_SUPPORTED_LAYOUT,
            "%s of halves with something fused to it has no engine: %s is not N, H, W, C"
                .formatted(c.name(), t));
      }
    }
    boolean odd = c.w().dims()[0] % 2 != 0 || c.w().dims()[1] % 2 != 0;
    if (c.direction() == Convolution.Direction.FILTER && odd) {
      throw new DnnError(
          Status.NOT_SUPPORTED_SHAPE,
          "%s of halves with something fused to it has no engine for the odd channels of %s"
              .formatted(c.name(), c.w()));
    }
  }

  private static DnnError types(Convolution c, String rule) {
    return new DnnError(
        Status.NOT_SUPPORTED_DATA_TYPE,
        "%s of %s, %s, %s computing in %s has no engine: %s"
            .formatted(
                c.name(), c.x().type(), c.w().type(), c.y().type(), c.shape().compute(), rule));
  }
}
