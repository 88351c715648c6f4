package engine.model;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Dropout;
import engine.autograd.Flatten;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.model.ConvNormActivation.Filters;
import engine.nn.Init;
import engine.nn.Linear;
import engine.nn.Module;
import engine.nn.Sequential;
import engine.tensor.Shape;
import java.util.random.RandomGenerator;

/**
 * MobileNet of the second (Sandler et al. 2018) and third generation (Howard et al. 2019) as
 * torchvision defines them, for images of any size.
 */
public final class MobileNet extends Network {
  /** Of the linear layers' initial weights. */
  private static final double STD = 0.01;

  private final MobileNetConfig config;
  private final Sequential features;
  private final Classifier classifier;

  /** As {@link MobileNetConfig#create}. */
  MobileNet(Backend backend, MobileNetConfig config, RandomGenerator random) {
    this.config = config;
    var style = config.style();
    Sequential all = new Sequential();
    Filters stem = new Filters(config.inChannels(), config.stemChannels(), 3, 2, 1);
    all.add(new ConvNormActivation(backend, stem, style, config.outer(), random));
    for (MobileNetConfig.BlockConfig b : config.blocks()) {
      all.add(new MobileNetBlock(backend, config.generation(), b, style, random));
    }
    int last = config.blocks().getLast().out();
    Filters head = Filters.pointwise(last, config.headChannels());
    all.add(new ConvNormActivation(backend, head, style, config.outer(), random));
    features = child("features", all);
    classifier = child("classifier", new Classifier(backend, config, random));
  }

  /** Named as in torchvision's {@code Sequential}, whose functions and dropout have numbers too. */
  private static final class Classifier extends Module {
    private final Linear hidden;
    private final Linear linear;
    private final float dropout;

    Classifier(Backend b, MobileNetConfig c, RandomGenerator random) {
      boolean third = c.generation().isThird();
      int head = c.headChannels();
      int last = third ? c.lastChannels() : head;
      hidden = third ? child("0", linear(b, head, last, random)) : null;
      linear = child(third ? "3" : "1", linear(b, last, c.classes(), random));
      dropout = (float) c.dropout();
    }

    private static Linear linear(Backend b, int in, int out, RandomGenerator random) {
      var weight = Init.normal(Shape.of(out, in), STD, random);
      return new Linear(b, weight, Init.constant(Shape.of(out), 0));
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      Variable y =
          hidden == null ? x : Activate.apply(tape, Activation.HARDSWISH, hidden.forward(tape, x));
      return linear.forward(tape, Dropout.apply(tape, y, dropout));
    }
  }

  @Override
  public MobileNetConfig config() {
    return config;
  }

  /**
   * {@inheritDoc} They are {@code features.0} to {@code features.18} (of the third small network
   * {@code features.12}, of the large one {@code features.16}), {@code avgpool}.
   */
  @Override
  public Variable forward(Tape tape, Variable x, Probe probe) {
    Variable y =
        features.forward(
            tape, roundedInput(tape, x), (name, v) -> probe.see("features." + name, v));
    y = AdaptiveAvgPool2d.apply(tape, y, 1, 1);
    probe.see("avgpool", y);
    return classifier.forward(tape, Flatten.apply(tape, y));
  }
}
