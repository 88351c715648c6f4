package engine.model;

import engine.autograd.Activate;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.ConvNorm;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/** A convolution that keeps the size but for its stride, a norm, and SiLU unless it is linear. */
final class ConvNormSilu extends Module {
  private final ConvNorm layer;
  private final boolean linear;

  ConvNormSilu(
      Backend b,
      EfficientNetConfig config,
      int in,
      int out,
      int kernel,
      int stride,
      int groups,
      boolean linear,
      RandomGenerator random) {
    Conv2dGeometry geometry = Conv2dGeometry.of(stride, kernel / 2, groups);
    layer =
        pair(
            child("0", new Conv2d(b, in, out, kernel, geometry, false, random)),
            child("1", new BatchNorm2d(b, out, 1, config.normMomentum(), config.normEps())));
    this.linear = linear;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = layer.forward(tape, x);
    if (linear) {
      return y;
    }
    Variable z = Activate.apply(tape, Activation.SILU, y);
    tape.done(y);
    return z;
  }
}
