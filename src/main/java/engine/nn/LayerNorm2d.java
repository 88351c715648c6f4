package engine.nn;

import engine.autograd.LayerNorm;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.Shape;

/** Layer normalisation of each pixel over its channels, as torchvision's class of this name. */
public final class LayerNorm2d extends Module {
  private static final int CHANNELS = 1;

  private final Parameter weight;
  private final Parameter bias;
  private final float eps;
  private boolean ends;

  public LayerNorm2d(Backend backend, int channels, float eps) {
    this.eps = eps;
    Shape shape = Shape.of(channels);
    weight =
        parameter("weight", new Parameter(backend.memory().upload(Init.constant(shape, 1)), false));
    bias =
        parameter("bias", new Parameter(backend.memory().upload(Init.constant(shape, 0)), false));
  }

  /**
   * Has what it gives rounded where the network is: a layer that reads bytes follows.
   *
   * @return this
   */
  public LayerNorm2d beforeBytes() {
    ends = true;
    return this;
  }

  /**
   * @param x [N, C, H, W]
   */
  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = LayerNorm.apply(tape, x, weight, bias, CHANNELS, eps);
    return ends ? rounded(tape, "norm", y) : y;
  }
}
