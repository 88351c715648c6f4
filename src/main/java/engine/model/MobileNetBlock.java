package engine.model;

import engine.autograd.Add;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.model.ConvNormActivation.Filters;
import engine.model.ConvNormActivation.Style;
import engine.model.SqueezeExcitation.Functions;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Module;
import engine.nn.Sequential;
import java.util.random.RandomGenerator;

/**
 * The inverted residual of a MobileNet (Sandler et al. 2018): widen, depthwise convolution, a gate
 * where it has one (Howard et al. 2019), narrow with no activation; the sum with x where the shape
 * stays.
 */
final class MobileNetBlock extends Module {
  private final Sequential layers;
  private final boolean residual;

  MobileNetBlock(
      Backend b,
      MobileNetConfig.Generation generation,
      MobileNetConfig.BlockConfig block,
      Style style,
      RandomGenerator random) {
    Sequential all = new Sequential();
    int wide = block.wide();
    if (block.widens()) {
      Filters widen = Filters.pointwise(block.in(), wide);
      all.add(new ConvNormActivation(b, widen, style, block.activation(), random));
    }
    Filters depthwise = Filters.depthwise(wide, block.kernel(), block.stride());
    all.add(new ConvNormActivation(b, depthwise, style, block.activation(), random));
    if (block.squeezed() > 0) {
      all.add(new SqueezeExcitation(b, wide, block.squeezed(), Functions.MOBILENET, random));
    }
    Filters narrow = Filters.pointwise(wide, block.out());
    if (generation.isThird()) {
      all.add(new ConvNormActivation(b, narrow, style, null, random));
    } else {
      // torchvision's second network has these two beside the others, not in a layer of their own.
      Conv2d conv = new Conv2d(b, wide, narrow.out(), 1, Conv2dGeometry.of(1, 0, 1), false, random);
      BatchNorm2d norm = new BatchNorm2d(b, narrow.out(), 1, style.momentum(), style.eps());
      pair(conv, norm);
      all.add(conv).add(norm);
    }
    layers = child(generation.isThird() ? "block" : "conv", all);
    residual = block.isResidual();
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable branch = layers.forward(tape, x);
    return residual ? rounded(tape, "sum", Add.apply(tape, branch, x)) : branch;
  }
}
