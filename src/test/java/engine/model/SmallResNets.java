package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.nn.Conv2d;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Map;
import java.util.SplittableRandom;

/** Networks, images and training passes for tests. */
final class SmallResNets {
  private SmallResNets() {}

  static ResNetConfig standard(int depth, int classes) {
    return new ResNetConfig(depth, 64, 3, classes, ResNetConfig.Stem.STANDARD, 0, false);
  }

  /** Of 10 classes. */
  static ResNetConfig thin(int depth, int width) {
    return new ResNetConfig(depth, width, 3, 10, ResNetConfig.Stem.STANDARD, 0, false);
  }

  static ResNet open(Backend b, ResNetConfig config, long seed) {
    return new ResNet(b, config, new SplittableRandom(seed));
  }

  static HostTensor images(int n, int c, int h, int w, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[n * c * h * w];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(v, n, c, h, w);
  }

  /** Images {@code from} to {@code to} of a batch. */
  static HostTensor part(HostTensor x, int from, int to) {
    long bytes = x.data().byteSize() / x.shape().dim(0);
    return new HostTensor(
        x.dtype(),
        x.shape().with(0, to - from),
        x.data().asSlice(from * bytes, (to - from) * bytes));
  }

  /** Logits in evaluation mode. */
  static HostTensor evaluate(Backend b, ResNet net, HostTensor images, Network.Probe probe) {
    try (Tape tape = Tape.inference(b)) {
      Variable x = tape.constant(b.memory().upload(images));
      return b.memory().download(net.forward(tape, x, probe).value());
    }
  }

  /** A forward and backward in training mode; gradients are added up in the parameters. */
  static double train(Backend b, ResNet net, HostTensor images, int[] classes, float seed) {
    return pass(b, Tape.training(b), net, images, classes, seed);
  }

  /** The same with frozen statistics. */
  static double trainFrozen(Backend b, ResNet net, HostTensor images, int[] classes, float seed) {
    return pass(b, Tape.evaluation(b), net, images, classes, seed);
  }

  private static double pass(
      Backend b, Tape open, ResNet net, HostTensor images, int[] classes, float seed) {
    try (Tape tape = open;
        Tensor targets = b.memory().upload(HostTensor.of(classes, classes.length))) {
      Variable x = tape.constant(b.memory().upload(images));
      Variable loss = CrossEntropy.apply(tape, net.forward(tape, x), targets, 0.1f);
      double value = b.memory().download(loss.value()).item();
      tape.backward(loss, seed);
      return value;
    }
  }

  static long convolutions(ResNet net) {
    return net.modules().values().stream().filter(Conv2d.class::isInstance).count();
  }

  static void assertSameBits(Map<String, HostTensor> a, Map<String, HostTensor> b) {
    assertEquals(a.keySet(), b.keySet());
    a.forEach((name, t) -> assertEquals(-1, t.data().mismatch(b.get(name).data()), name));
  }
}
