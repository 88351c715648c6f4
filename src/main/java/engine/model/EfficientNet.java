package engine.model;

import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Dropout;
import engine.autograd.Flatten;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.model.ConvNormActivation.Filters;
import engine.nn.Linear;
import engine.nn.Module;
import engine.nn.Sequential;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * EfficientNet (Tan and Le 2019) as torchvision, TensorFlow or Lite define it, for images of any
 * size.
 */
public final class EfficientNet extends Network {
  private final EfficientNetConfig config;
  private final Sequential features;
  private final Classifier classifier;

  /** As {@link EfficientNetConfig#create}. */
  EfficientNet(Backend backend, EfficientNetConfig config, RandomGenerator random) {
    this.config = config;
    Sequential all = new Sequential();
    List<EfficientNetConfig.StageConfig> stages = config.stages();
    int total = stages.stream().mapToInt(EfficientNetConfig.StageConfig::layers).sum();
    int stem = config.stemChannels();
    all.add(
        new ConvNormActivation(
            backend,
            new Filters(config.inChannels(), stem, 3, 2, 1),
            config.style(),
            config.activation(),
            random));
    int index = 0;
    for (EfficientNetConfig.StageConfig s : stages) {
      Sequential blocks = new Sequential();
      for (int i = 0; i < s.layers(); i++) {
        EfficientNetConfig.StageConfig one =
            i == 0
                ? s
                : new EfficientNetConfig.StageConfig(
                    s.expansion(), s.kernel(), 1, s.out(), s.out(), 1);
        double drop = config.stochasticDepth() * index++ / total;
        blocks.add(new MbConv(backend, config, one, drop, random));
      }
      all.add(blocks);
    }
    int last = stages.getLast().out();
    int head = config.headChannels();
    all.add(
        new ConvNormActivation(
            backend, Filters.pointwise(last, head), config.style(), config.activation(), random));
    features = child("features", all);
    double bound = 1 / Math.sqrt(config.classes());
    Linear linear = new Linear(backend, head, config.classes(), bound, 0, random);
    classifier = child("classifier", new Classifier(linear));
  }

  /** Only names the layer after the dropout as torchvision's {@code Sequential} does. */
  private static final class Classifier extends Module {
    private final Linear linear;

    Classifier(Linear linear) {
      this.linear = child("1", linear);
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      return linear.forward(tape, x);
    }
  }

  @Override
  public EfficientNetConfig config() {
    return config;
  }

  /** {@inheritDoc} They are {@code features.0} to {@code features.8}, {@code avgpool}. */
  @Override
  public Variable forward(Tape tape, Variable x, Probe probe) {
    Variable y =
        features.forward(
            tape, roundedInput(tape, x), (name, v) -> probe.see("features." + name, v));
    y = AdaptiveAvgPool2d.apply(tape, y, 1, 1);
    probe.see("avgpool", y);
    y = Dropout.apply(tape, Flatten.apply(tape, y), (float) config.dropout());
    return classifier.forward(tape, y);
  }
}
