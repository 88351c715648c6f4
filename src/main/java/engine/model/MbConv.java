package engine.model;

import engine.autograd.Add;
import engine.autograd.StochasticDepth;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.model.ConvNormActivation.Filters;
import engine.model.ConvNormActivation.Style;
import engine.model.SqueezeExcitation.Functions;
import engine.nn.Module;
import engine.nn.Sequential;
import java.util.random.RandomGenerator;

/**
 * The mobile inverted bottleneck (Sandler et al. 2018): widen, depthwise convolution, gate by
 * squeeze-and-excitation unless it is Lite's, narrow; the sum with x where the shape stays.
 */
final class MbConv extends Module {
  private final Sequential block;
  private final boolean residual;
  private final float drop;

  /**
   * @param stage with the channels in and the stride of this block
   * @param drop probability of leaving out the branch for an image in training
   */
  MbConv(
      Backend b,
      EfficientNetConfig config,
      EfficientNetConfig.StageConfig stage,
      double drop,
      RandomGenerator random) {
    int wide = stage.in() * stage.expansion();
    Style style = config.style();
    Activation activation = config.activation();
    Sequential layers = new Sequential();
    if (wide != stage.in()) {
      Filters widen = Filters.pointwise(stage.in(), wide);
      layers.add(new ConvNormActivation(b, widen, style, activation, random));
    }
    Filters depthwise = Filters.depthwise(wide, stage.kernel(), stage.stride());
    layers.add(new ConvNormActivation(b, depthwise, style, activation, random));
    if (config.squeezes()) {
      layers.add(
          new SqueezeExcitation(
              b, wide, Math.max(1, stage.in() / 4), Functions.EFFICIENTNET, random));
    }
    Filters narrow = Filters.pointwise(wide, stage.out());
    layers.add(new ConvNormActivation(b, narrow, style, null, random));
    block = child("block", layers);
    residual = stage.stride() == 1 && stage.in() == stage.out();
    this.drop = (float) drop;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable branch = block.forward(tape, x);
    if (!residual) {
      return branch;
    }
    Variable kept = StochasticDepth.apply(tape, branch, drop);
    return rounded(tape, "sum", Add.apply(tape, kept, x));
  }
}
