package engine.nn;

import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Reshape;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.tensor.HostTensor;
import engine.tensor.Shape;

/**
 * A fully connected layer with bias at each pixel of images. Its weight is a matrix, as PyTorch's
 * {@code Linear} saves it; it computes as a convolution of 1x1 filters, so that images keep the
 * layout they have.
 */
public final class PixelLinear extends Module {
  private static final Conv2dGeometry POINTWISE = Conv2dGeometry.of(1, 0, 1);

  private final Parameter weight;
  private final Parameter bias;
  private final Shape filters;
  private Rounding rounding;
  private String name;

  /**
   * @param initial [out, in]; the bias begins at zero
   */
  public PixelLinear(Backend backend, HostTensor initial) {
    Shape s = initial.shape();
    filters = Shape.of(s.dim(0), s.dim(1), 1, 1);
    weight = parameter("weight", new Parameter(backend.memory().upload(initial), true));
    bias =
        parameter(
            "bias",
            new Parameter(backend.memory().upload(Init.constant(Shape.of(s.dim(0)), 0)), false));
  }

  /**
   * @param x [N, in, H, W]
   * @return [N, out, H, W]
   */
  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable w = rounding == null ? weight : rounding.weight(tape, name, weight);
    Variable y = Conv2dOp.apply(tape, x, Reshape.apply(tape, w, filters), bias, POINTWISE);
    return rounding == null ? y : rounding.result(tape, name, y, true);
  }

  /** See {@link Module#roundWith}. */
  void roundWith(Rounding r, String layer) {
    rounding = r;
    name = layer;
  }
}
