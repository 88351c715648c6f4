package engine.model;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.ConvNorm;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/** The shortcut where the shape changes: a strided 1x1 convolution and its norm. */
final class Downsample extends Module {
  private final ConvNorm layer;

  Downsample(Backend b, int in, int out, int stride, RandomGenerator random) {
    layer =
        pair(
            child("0", new Conv2d(b, in, out, 1, stride, 0, random)),
            child("1", new BatchNorm2d(b, out, 1)));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return layer.forward(tape, x);
  }
}
