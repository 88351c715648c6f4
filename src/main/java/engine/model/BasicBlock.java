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

/** Two 3x3 convolutions and the shortcut. */
final class BasicBlock extends Module {
  private final ConvNorm layer1;
  private final ResidualSum end;
  private final Downsample downsample;

  BasicBlock(
      Backend b, int in, int planes, int stride, ResNetConfig config, RandomGenerator random) {
    layer1 =
        pair(
            child("conv1", new Conv2d(b, in, planes, 3, stride, 1, random)),
            child("bn1", new BatchNorm2d(b, planes, 1)));
    ConvNorm last =
        pair(
            child("conv2", new Conv2d(b, planes, planes, 3, 1, 1, random)),
            child(
                "bn2", new BatchNorm2d(b, planes, config.branchEnd().zeroInitResidual() ? 0 : 1)));
    Cbam attention =
        config.branchEnd().attention() == Attention.NONE
            ? null
            : child(
                "cbam",
                new Cbam(
                    b,
                    config.branchEnd().attention().variant(),
                    planes,
                    Attention.REDUCTION,
                    random));
    end = new ResidualSum(last, attention);
    downsample =
        stride == 1 && in == planes
            ? null
            : child("downsample", new Downsample(b, in, planes, stride, random));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable a = layer1.reluForConvolution(tape, x);
    Variable shortcut = downsample == null ? x : downsample.forward(tape, x);
    Variable y = end.apply(tape, a, shortcut);
    tape.done(a);
    if (downsample != null) {
      tape.unread(shortcut);
    }
    return y;
  }
}
