package engine.model;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.nn.BatchNorm2d;
import engine.nn.Cbam;
import engine.nn.Conv2d;
import engine.nn.ConvNorm;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/**
 * 1x1, 3x3, 1x1 with four times the channels out; the stride is in the 3x3, as torchvision's v1.5.
 */
final class Bottleneck extends Module {
  static final int EXPANSION = 4;

  private final ConvNorm layer1;
  private final ConvNorm layer2;
  private final ResidualSum end;
  private final Downsample downsample;

  Bottleneck(
      Backend b, int in, int planes, int stride, ResNetConfig config, RandomGenerator random) {
    int out = planes * EXPANSION;
    layer1 =
        pair(
            child("conv1", new Conv2d(b, in, planes, 1, 1, 0, random)),
            child("bn1", new BatchNorm2d(b, planes, 1)));
    layer2 =
        pair(
            child("conv2", new Conv2d(b, planes, planes, 3, stride, 1, random)),
            child("bn2", new BatchNorm2d(b, planes, 1)));
    ConvNorm last =
        pair(
            child("conv3", new Conv2d(b, planes, out, 1, 1, 0, random)),
            child("bn3", new BatchNorm2d(b, out, config.branchEnd().zeroInitResidual() ? 0 : 1)));
    Cbam attention =
        config.branchEnd().attention() == Attention.NONE
            ? null
            : child(
                "cbam",
                new Cbam(
                    b, config.branchEnd().attention().variant(), out, Attention.REDUCTION, random));
    end = new ResidualSum(last, attention);
    downsample =
        stride == 1 && in == out
            ? null
            : child("downsample", new Downsample(b, in, out, stride, random));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable a = layer1.reluForConvolution(tape, x);
    Variable b = layer2.reluForConvolution(tape, a);
    tape.done(a);
    Variable shortcut = downsample == null ? x : downsample.forward(tape, x);
    Variable y = end.apply(tape, b, shortcut);
    tape.done(b);
    if (downsample != null) {
      tape.unread(shortcut);
    }
    return y;
  }
}
