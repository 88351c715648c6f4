package engine.model;

import engine.autograd.Activate;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/** A convolution that keeps the size but for its stride, a norm, and SiLU unless it is linear. */
final class ConvNormSilu extends Module {
  /**
   * The filters of a convolution.
   *
   * @param in channels read
   * @param out channels made
   * @param kernel side of a filter
   */
  record Filters(int in, int out, int kernel, int stride, int groups) {
    /** Filters of one pixel. */
    static Filters pointwise(int in, int out) {
      return new Filters(in, out, 1, 1, 1);
    }
  }

  private final Conv2d conv;
  private final BatchNorm2d norm;
  private final boolean linear;

  ConvNormSilu(
      Backend b, EfficientNetConfig config, Filters f, boolean linear, RandomGenerator random) {
    Conv2dGeometry geometry = Conv2dGeometry.of(f.stride, f.kernel / 2, f.groups);
    conv = child("0", new Conv2d(b, f.in, f.out, f.kernel, geometry, false, random));
    norm = child("1", new BatchNorm2d(b, f.out, 1, config.normMomentum(), config.normEps()));
    pair(conv, norm);
    this.linear = linear;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = norm.forward(tape, conv.forward(tape, x));
    return linear ? y : Activate.apply(tape, Activation.SILU, y);
  }
}
