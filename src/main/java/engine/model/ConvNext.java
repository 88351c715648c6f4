package engine.model;

import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Dropout;
import engine.autograd.Flatten;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.nn.Conv2d;
import engine.nn.Init;
import engine.nn.LayerNorm2d;
import engine.nn.Linear;
import engine.nn.Module;
import engine.nn.Sequential;
import engine.tensor.Shape;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ConvNeXt (Liu et al. 2022) as torchvision defines it: patches of 4x4 pixels, then stages of
 * blocks between which patches of 2x2 are merged.
 */
public final class ConvNext extends Network {
  /** Of all initial weights; torchvision cuts the tails at a hundred times that, where none is. */
  static final double STD = 0.02;

  static final float EPS = 1e-6f;

  private final ConvNextConfig config;
  private final Sequential features;
  private final Classifier classifier;

  /** As {@link ConvNextConfig#create}. */
  ConvNext(Backend backend, ConvNextConfig config, RandomGenerator random) {
    this.config = config;
    List<Integer> depths = config.depths();
    int last = depths.stream().mapToInt(d -> d).sum() - 1;
    Sequential all = new Sequential();
    int index = 0;
    for (int s = 0; s < depths.size(); s++) {
      int channels = config.channels(s);
      Sequential patches = new Sequential();
      if (s == 0) {
        patches.add(patches(backend, config.inChannels(), channels, 4, random));
        patches.add(new LayerNorm2d(backend, channels, EPS).beforeBytes());
      } else {
        int before = config.channels(s - 1);
        patches.add(new LayerNorm2d(backend, before, EPS).beforeBytes());
        patches.add(patches(backend, before, channels, 2, random));
      }
      all.add(patches);
      Sequential blocks = new Sequential();
      for (int i = 0; i < depths.get(s); i++) {
        double drop = last == 0 ? 0 : config.stochasticDepth() * index++ / last;
        blocks.add(new ConvNextBlock(backend, channels, drop, random));
      }
      all.add(blocks);
    }
    features = child("features", all);
    int head = config.channels(depths.size() - 1);
    classifier = child("classifier", new Classifier(backend, head, config.classes(), random));
  }

  /** A convolution over patches that do not overlap. */
  private static Conv2d patches(
      Backend backend, int in, int out, int side, RandomGenerator random) {
    var weight = Init.normal(Shape.of(out, in, side, side), STD, random);
    return new Conv2d(backend, weight, Conv2dGeometry.of(side, 0, 1));
  }

  /** A norm and a linear layer, named as in torchvision's {@code Sequential}. */
  private static final class Classifier extends Module {
    private final LayerNorm2d norm;
    private final Linear linear;

    Classifier(Backend backend, int in, int classes, RandomGenerator random) {
      norm = child("0", new LayerNorm2d(backend, in, EPS));
      var weight = Init.normal(Shape.of(classes, in), STD, random);
      linear = child("2", new Linear(backend, weight, Init.constant(Shape.of(classes), 0)));
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      return linear.forward(tape, x);
    }
  }

  @Override
  public ConvNextConfig config() {
    return config;
  }

  /** {@inheritDoc} They are {@code features.0} to {@code features.7}, {@code avgpool}. */
  @Override
  public Variable forward(Tape tape, Variable x, Probe probe) {
    Variable y =
        features.forward(
            tape, roundedInput(tape, x), (name, v) -> probe.see("features." + name, v));
    y = AdaptiveAvgPool2d.apply(tape, y, 1, 1);
    probe.see("avgpool", y);
    y = Flatten.apply(tape, classifier.norm.forward(tape, y));
    return classifier.forward(tape, Dropout.apply(tape, y, (float) config.dropout()));
  }
}
