package engine.model;

import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Dropout;
import engine.autograd.Flatten;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.model.ConvNormSilu.Filters;
import engine.nn.Linear;
import engine.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** EfficientNet (Tan and Le 2019) as torchvision defines it, for images of any size. */
public final class EfficientNet extends Network {
  private final EfficientNetConfig config;
  private final List<Module> features = new ArrayList<>();
  private final Classifier classifier;

  /** As {@link EfficientNetConfig#create}. */
  EfficientNet(Backend backend, EfficientNetConfig config, RandomGenerator random) {
    this.config = config;
    Stage all = new Stage();
    List<EfficientNetConfig.StageConfig> stages = config.stages();
    int total = stages.stream().mapToInt(EfficientNetConfig.StageConfig::layers).sum();
    int stem = config.stemChannels();
    add(
        all,
        new ConvNormSilu(
            backend, config, new Filters(config.inChannels(), stem, 3, 2, 1), false, random));
    int index = 0;
    for (EfficientNetConfig.StageConfig s : stages) {
      Stage blocks = new Stage();
      for (int i = 0; i < s.layers(); i++) {
        EfficientNetConfig.StageConfig one =
            i == 0
                ? s
                : new EfficientNetConfig.StageConfig(
                    s.expansion(), s.kernel(), 1, s.out(), s.out(), 1);
        double drop = config.stochasticDepth() * index++ / total;
        blocks.add(new MbConv(backend, config, one, drop, random));
      }
      add(all, blocks);
    }
    int last = stages.getLast().out();
    int head = config.headChannels();
    add(all, new ConvNormSilu(backend, config, Filters.pointwise(last, head), false, random));
    child("features", all);
    double bound = 1 / Math.sqrt(config.classes());
    Linear linear = new Linear(backend, head, config.classes(), bound, 0, random);
    classifier = child("classifier", new Classifier(linear));
  }

  private void add(Stage all, Module m) {
    all.add(m);
    features.add(m);
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
    Variable y = x;
    for (int i = 0; i < features.size(); i++) {
      Variable next = features.get(i).forward(tape, y);
      if (i > 0) {
        tape.done(y); // the image is the caller's
      }
      y = next;
      probe.see("features." + i, y);
    }
    y = AdaptiveAvgPool2d.apply(tape, y, 1, 1);
    probe.see("avgpool", y);
    y = Dropout.apply(tape, Flatten.apply(tape, y), (float) config.dropout());
    return classifier.forward(tape, y);
  }
}
