package engine.model;

import engine.autograd.Add;
import engine.autograd.StochasticDepth;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.model.ConvNormSilu.Filters;
import engine.nn.Module;
import engine.nn.Sequential;
import java.util.random.RandomGenerator;

/**
 * The mobile inverted bottleneck (Sandler et al. 2018) with squeeze-and-excitation: widen,
 * depthwise convolution, gate, narrow; the sum with x where the shape stays.
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
    Sequential layers = new Sequential();
    if (wide != stage.in()) {
      layers.add(new ConvNormSilu(b, config, Filters.pointwise(stage.in(), wide), false, random));
    }
    layers.add(
        new ConvNormSilu(
            b,
            config,
            new Filters(wide, wide, stage.kernel(), stage.stride(), wide),
            false,
            random));
    layers.add(new SqueezeExcitation(b, wide, Math.max(1, stage.in() / 4), random));
    layers.add(new ConvNormSilu(b, config, Filters.pointwise(wide, stage.out()), true, random));
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
    return Add.apply(tape, kept, x);
  }
}
