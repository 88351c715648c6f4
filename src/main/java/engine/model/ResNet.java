package engine.model;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Dropout;
import engine.autograd.Flatten;
import engine.autograd.MaxPool2d;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.PoolGeometry;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Layer;
import engine.nn.Linear;
import engine.nn.Sequential;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/**
 * Residual networks (He et al. 2016) as torchvision defines them, for images of any size: the
 * pooled features feed the classifier whatever is left of the image.
 */
public final class ResNet extends Network {
  private static final String STEM = "stem";

  private final ResNetConfig config;
  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final Sequential[] layers = new Sequential[4];
  private final Linear fc;

  /**
   * @param random draws the initial weights, in the order of the layers
   */
  public ResNet(Backend backend, ResNetConfig config, RandomGenerator random) {
    this.config = config;
    int width = config.baseWidth();
    boolean small = config.stem() == ResNetConfig.Stem.SMALL;
    conv1 =
        child(
            "conv1",
            new Conv2d(
                backend,
                config.inChannels(),
                width,
                small ? 3 : 7,
                small ? 1 : 2,
                small ? 1 : 3,
                random));
    bn1 = child("bn1", new BatchNorm2d(backend, width, 1));
    pair(conv1, bn1);
    int in = width;
    int[] blocks = config.layers();
    for (int s = 0; s < 4; s++) {
      int planes = width << s;
      Sequential stage = new Sequential();
      for (int i = 0; i < blocks[s]; i++) {
        int stride = i == 0 && s > 0 ? 2 : 1;
        if (config.bottleneck()) {
          stage.add(new Bottleneck(backend, in, planes, stride, config, random));
          in = planes * Bottleneck.EXPANSION;
        } else {
          stage.add(new BasicBlock(backend, in, planes, stride, config, random));
          in = planes;
        }
      }
      layers[s] = child("layer" + (s + 1), stage);
    }
    fc = child("fc", new Linear(backend, in, config.classes(), random));
  }

  @Override
  public ResNetConfig config() {
    return config;
  }

  /**
   * {@inheritDoc} They are {@code conv1}, {@code bn1} (before its ReLU), {@code maxpool}, {@code
   * layer1} to {@code layer4}, {@code avgpool} [N, C, 1, 1].
   */
  @Override
  public Variable forward(Tape tape, Variable x, Probe onlooker) {
    Probe probe = onlooker == null ? Probe.NONE : onlooker;
    Variable y =
        Sequential.run(
            tape,
            roundedInput(tape, x),
            body(probe),
            (name, v) -> {
              if (!name.equals(STEM)) {
                probe.see(name, v);
              }
            });
    y = AdaptiveAvgPool2d.apply(tape, y, 1, 1);
    probe.see("avgpool", y);
    y = Dropout.apply(tape, Flatten.apply(tape, y), (float) config.dropout());
    return fc.forward(tape, y);
  }

  /** From the image to the last features. */
  private SequencedMap<String, Layer> body(Probe probe) {
    SequencedMap<String, Layer> body = new LinkedHashMap<>();
    body.put(STEM, (tape, x) -> stem(tape, x, probe));
    if (config.stem() == ResNetConfig.Stem.STANDARD) {
      body.put("maxpool", (tape, x) -> MaxPool2d.apply(tape, x, PoolGeometry.of(3, 2, 1)));
    }
    for (int s = 0; s < 4; s++) {
      body.put("layer" + (s + 1), layers[s]);
    }
    return body;
  }

  private Variable stem(Tape tape, Variable x, Probe probe) {
    Variable y = conv1.forward(tape, x);
    probe.see("conv1", y);
    y = bn1.forward(tape, y);
    probe.see("bn1", y);
    return Activate.apply(tape, Activation.RELU, y);
  }
}
