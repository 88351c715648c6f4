package engine.model;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/** The shortcut where the shape changes: a strided 1x1 convolution and its norm. */
final class Downsample extends Module {
  private final Conv2d conv;
  private final BatchNorm2d norm;

  Downsample(Backend b, int in, int out, int stride, RandomGenerator random) {
    conv = child("0", new Conv2d(b, in, out, 1, stride, 0, random));
    norm = child("1", new BatchNorm2d(b, out, 1));
    pair(conv, norm);
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return norm.forward(tape, conv.forward(tape, x));
  }
}
