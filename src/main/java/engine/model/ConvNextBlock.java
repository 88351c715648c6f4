package engine.model;

import engine.autograd.Activate;
import engine.autograd.Add;
import engine.autograd.Mul;
import engine.autograd.Parameter;
import engine.autograd.StochasticDepth;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.nn.Conv2d;
import engine.nn.Init;
import engine.nn.LayerNorm2d;
import engine.nn.Module;
import engine.nn.PixelLinear;
import engine.tensor.Shape;
import java.util.random.RandomGenerator;

/**
 * A 7x7 depthwise convolution, a norm, and a linear layer to four times the channels and back with
 * a GELU between, at each pixel; scaled a channel and added to x.
 */
final class ConvNextBlock extends Module {
  private static final int EXPANSION = 4;
  private static final int KERNEL = 7;

  /** What a new branch is scaled by, so that training begins near the identity. */
  private static final float LAYER_SCALE = 1e-6f;

  private final Parameter layerScale;
  private final Branch branch;
  private final float drop;

  /**
   * @param drop probability of leaving out the branch for an image in training
   */
  ConvNextBlock(Backend b, int channels, double drop, RandomGenerator random) {
    Shape perChannel = Shape.of(channels, 1, 1);
    layerScale =
        parameter(
            "layer_scale",
            new Parameter(b.memory().upload(Init.constant(perChannel, LAYER_SCALE)), true));
    branch = child("block", new Branch(b, channels, random));
    this.drop = (float) drop;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable made = branch.forward(tape, x);
    Variable scaled = Mul.apply(tape, made, layerScale);
    tape.done(made);
    Variable kept = StochasticDepth.apply(tape, scaled, drop);
    Variable y = Add.apply(tape, kept, x);
    tape.done(scaled);
    return y;
  }

  /** Layers named by their places in torchvision's {@code Sequential}, which permutes as well. */
  private static final class Branch extends Module {
    private final Conv2d depthwise;
    private final LayerNorm2d norm;
    private final PixelLinear widen;
    private final PixelLinear narrow;

    Branch(Backend b, int channels, RandomGenerator random) {
      var filters = Init.normal(Shape.of(channels, 1, KERNEL, KERNEL), ConvNext.STD, random);
      Conv2dGeometry sameSize = Conv2dGeometry.of(1, KERNEL / 2, channels);
      depthwise = child("0", new Conv2d(b, filters, sameSize));
      norm = child("2", new LayerNorm2d(b, channels, ConvNext.EPS));
      widen = child("3", linear(b, channels, EXPANSION * channels, random));
      narrow = child("5", linear(b, EXPANSION * channels, channels, random));
    }

    private static PixelLinear linear(Backend b, int in, int out, RandomGenerator random) {
      return new PixelLinear(b, Init.normal(Shape.of(out, in), ConvNext.STD, random));
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      Variable mixed = depthwise.forward(tape, x);
      Variable normed = norm.forward(tape, mixed);
      tape.done(mixed);
      Variable wide = widen.forward(tape, normed);
      tape.done(normed);
      Variable active = Activate.apply(tape, Activation.GELU, wide);
      tape.done(wide);
      Variable y = narrow.forward(tape, active);
      tape.done(active);
      return y;
    }
  }
}
