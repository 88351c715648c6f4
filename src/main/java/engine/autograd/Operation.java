package engine.autograd;

import engine.backend.Conv2dGeometry;
import engine.backend.Elementwise;
import engine.backend.PoolGeometry;
import engine.backend.Quantizers;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * What an op does, without its operands: what somebody needs who writes a network down rather than
 * computes it. The operands are those of the op's {@code apply}, in its order; see {@link Trace}.
 */
public sealed interface Operation {
  /** x, w, and a bias that may be missing. */
  record Conv(Conv2dGeometry geometry) implements Operation {}

  /**
   * x, w, b and a residual that may be missing.
   *
   * @param relu whether a ReLU follows the sum
   */
  record ConvInfer(Conv2dGeometry geometry, boolean relu) implements Operation {}

  /**
   * x, scale, shift and a residual that may be missing, with fixed statistics.
   *
   * @param mean [C]; whoever made it closes it
   * @param variance [C]
   * @param relu whether a ReLU follows the sum
   */
  record BatchNorm(Tensor mean, Tensor variance, float eps, boolean relu) implements Operation {}

  /** x, w, and a bias that may be missing. */
  record Linear() implements Operation {}

  /** An elementwise function of x. */
  record Activate(engine.backend.Activation function) implements Operation {}

  /** a op b, broadcast. */
  record Binary(Elementwise.Binary op) implements Operation {}

  /** x times a constant. */
  record Scale(float factor) implements Operation {}

  record MaxPool(PoolGeometry geometry) implements Operation {}

  record AvgPool(PoolGeometry geometry, boolean countPadding) implements Operation {}

  record AdaptiveAvgPool(int height, int width) implements Operation {}

  record AdaptiveMaxPool(int height, int width) implements Operation {}

  record Mean(int[] axes, boolean keepDim) implements Operation {}

  record MaxDim(int axis, boolean keepDim) implements Operation {}

  record Concat(int axis) implements Operation {}

  record Reshape(Shape shape) implements Operation {}

  record Softmax(int axis) implements Operation {}

  /** Rounding to a grid and back; whoever made the grid closes its tensors. */
  record FakeQuantize(Quantizers.QuantRange grid) implements Operation {}

  /** An op that does not describe itself. */
  record Other(String name) implements Operation {}
}
