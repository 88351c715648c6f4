package engine.model;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Mul;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.nn.Conv2d;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/** x times a gate a channel, which two 1x1 convolutions make of the means (Hu et al. 2018). */
final class SqueezeExcitation extends Module {
  /**
   * What a family of networks computes with.
   *
   * @param inner between the two convolutions
   * @param gate after them
   */
  record Functions(Activation inner, Activation gate) {
    static final Functions EFFICIENTNET = new Functions(Activation.SILU, Activation.SIGMOID);
    static final Functions MOBILENET = new Functions(Activation.RELU, Activation.HARDSIGMOID);
  }

  private static final Conv2dGeometry POINTWISE = Conv2dGeometry.of(1, 0, 1);

  private final Conv2d fc1;
  private final Conv2d fc2;
  private final Functions functions;

  SqueezeExcitation(
      Backend b, int channels, int squeezed, Functions functions, RandomGenerator random) {
    fc1 = child("fc1", new Conv2d(b, channels, squeezed, 1, POINTWISE, true, random));
    fc2 = child("fc2", new Conv2d(b, squeezed, channels, 1, POINTWISE, true, random));
    this.functions = functions;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable gate = fc1.forward(tape, AdaptiveAvgPool2d.apply(tape, x, 1, 1));
    gate = fc2.forward(tape, Activate.apply(tape, functions.inner, gate));
    gate = Activate.apply(tape, functions.gate, gate);
    return rounded(tape, "product", Mul.apply(tape, x, gate));
  }

  /** The gate is next to no work, and a step of a byte in it would move a whole channel. */
  @Override
  protected boolean staysReal() {
    return true;
  }
}
