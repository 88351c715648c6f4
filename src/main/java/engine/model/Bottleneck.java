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

/**
 * 1x1, 3x3, 1x1 with four times the channels out; the stride is in the 3x3, as torchvision's v1.5.
 */
final class Bottleneck extends Module {
  static final int EXPANSION = 4;

  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final Conv2d conv2;
  private final BatchNorm2d bn2;
  private final Conv2d conv3;
  private final BatchNorm2d bn3;
  private final Cbam attention;
  private final Downsample downsample;

  Bottleneck(
      Backend b, int in, int planes, int stride, ResNetConfig config, RandomGenerator random) {
    int out = planes * EXPANSION;
    conv1 = child("conv1", new Conv2d(b, in, planes, 1, 1, 0, random));
    bn1 = child("bn1", new BatchNorm2d(b, planes, 1));
    pair(conv1, bn1);
    conv2 = child("conv2", new Conv2d(b, planes, planes, 3, stride, 1, random));
    bn2 = child("bn2", new BatchNorm2d(b, planes, 1));
    pair(conv2, bn2);
    conv3 = child("conv3", new Conv2d(b, planes, out, 1, 1, 0, random));
    bn3 = child("bn3", new BatchNorm2d(b, out, config.branchEnd().zeroInitResidual() ? 0 : 1));
    pair(conv3, bn3);
    attention = config.branchEnd().attention().module(b, out, random);
    if (attention != null) {
      child("cbam", attention);
    }
    downsample =
        stride == 1 && in == out
            ? null
            : child("downsample", new Downsample(b, in, out, stride, random));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = Activate.apply(tape, RELU, bn1.forward(tape, conv1.forward(tape, x)));
    y = Activate.apply(tape, RELU, bn2.forward(tape, conv2.forward(tape, y)));
    y = bn3.forward(tape, conv3.forward(tape, y));
    if (attention != null) {
      y = attention.forward(tape, y);
    }
    Variable shortcut = downsample == null ? x : downsample.forward(tape, x);
    Variable sum = Activate.apply(tape, RELU, Add.apply(tape, y, shortcut));
    // Without attention it is rounded with the norm, whose pass it is part of.
    return attention == null ? sum : rounded(tape, "sum", sum);
  }
}
