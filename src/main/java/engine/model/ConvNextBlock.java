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
import engine.nn.Layer;
import engine.nn.LayerNorm2d;
import engine.nn.Module;
import engine.nn.PixelLinear;
import engine.nn.Sequential;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
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
    Variable scaled = Mul.apply(tape, branch.forward(tape, x), layerScale);
    return rounded(tape, "sum", Add.apply(tape, StochasticDepth.apply(tape, scaled, drop), x));
  }

  /** Layers named by their places in torchvision's {@code Sequential}, which permutes as well. */
  private static final class Branch extends Module {
    private final SequencedMap<String, Layer> layers = new LinkedHashMap<>();

    Branch(Backend b, int channels, RandomGenerator random) {
      var filters = Init.normal(Shape.of(channels, 1, KERNEL, KERNEL), ConvNext.STD, random);
      Conv2dGeometry sameSize = Conv2dGeometry.of(1, KERNEL / 2, channels);
      add("0", new Conv2d(b, filters, sameSize));
      add("2", new LayerNorm2d(b, channels, ConvNext.EPS).beforeBytes());
      add("3", linear(b, channels, EXPANSION * channels, random));
      layers.put("4", (tape, x) -> rounded(tape, "4", Activate.apply(tape, Activation.GELU, x)));
      add("5", linear(b, EXPANSION * channels, channels, random));
    }

    private void add(String name, Module layer) {
      layers.put(name, child(name, layer));
    }

    private static PixelLinear linear(Backend b, int in, int out, RandomGenerator random) {
      return new PixelLinear(b, Init.normal(Shape.of(out, in), ConvNext.STD, random));
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      return Sequential.run(tape, x, layers, (_, _) -> {});
    }
  }
}
