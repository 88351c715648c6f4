package engine.model;

import static engine.backend.Activation.RELU;

import engine.autograd.Activate;
import engine.autograd.Add;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.nn.BatchNorm2d;
import engine.nn.Cbam;
import engine.nn.Conv2d;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/** Two 3x3 convolutions and the shortcut. */
final class BasicBlock extends Module {
  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final Conv2d conv2;
  private final BatchNorm2d bn2;
  private final Cbam attention;
  private final Downsample downsample;

  BasicBlock(
      Backend b, int in, int planes, int stride, ResNetConfig config, RandomGenerator random) {
    conv1 = child("conv1", new Conv2d(b, in, planes, 3, stride, 1, random));
    bn1 = child("bn1", new BatchNorm2d(b, planes, 1));
    pair(conv1, bn1);
    conv2 = child("conv2", new Conv2d(b, planes, planes, 3, 1, 1, random));
    bn2 = child("bn2", new BatchNorm2d(b, planes, config.branchEnd().zeroInitResidual() ? 0 : 1));
    pair(conv2, bn2);
    attention = config.branchEnd().attention().module(b, planes, random);
    if (attention != null) {
      child("cbam", attention);
    }
    downsample =
        stride == 1 && in == planes
            ? null
            : child("downsample", new Downsample(b, in, planes, stride, random));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = Activate.apply(tape, RELU, bn1.forward(tape, conv1.forward(tape, x)));
    y = bn2.forward(tape, conv2.forward(tape, y));
    if (attention != null) {
      y = attention.forward(tape, y);
    }
    Variable shortcut = downsample == null ? x : downsample.forward(tape, x);
    Variable sum = Activate.apply(tape, RELU, Add.apply(tape, y, shortcut));
    // Without attention it is rounded with the norm, whose pass it is part of.
    return attention == null ? sum : rounded(tape, "sum", sum);
  }
}
