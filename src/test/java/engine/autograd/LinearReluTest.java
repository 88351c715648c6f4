package engine.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.OnEveryDevice;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.SplittableRandom;

/** A linear layer and its ReLU give the same in one pass and in two. */
final class LinearReluTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(3);

  private static HostTensor normal(long... dims) {
    float[] v = new float[(int) Shape.of(dims).elements()];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) RANDOM.nextGaussian();
    }
    return HostTensor.of(v, dims);
  }

  @OnEveryDevice
  void inferenceInOnePassGivesWhatTrainingGivesInTwo(Backend b) {
    HostTensor x = normal(4, 24);
    HostTensor w = normal(7, 24);
    HostTensor bias = normal(7);
    float[] once;
    try (Tape tape = Tape.inference(b)) {
      once = values(b, tape, x, w, bias);
    }
    float[] twice;
    try (Tape tape = Tape.training(b)) {
      twice = values(b, tape, x, w, bias);
    }
    assertArrayEquals(twice, once, 1e-5f);
    int zeros = 0;
    for (float v : once) {
      zeros += v == 0 ? 1 : 0;
    }
    assertTrue(zeros > 0 && zeros < once.length, zeros + " of " + once.length + " are 0");
  }

  private static float[] values(Backend b, Tape tape, HostTensor x, HostTensor w, HostTensor bias) {
    Variable y =
        LinearRelu.apply(
            tape,
            tape.constant(b.memory().upload(x)),
            tape.constant(b.memory().upload(w)),
            tape.constant(b.memory().upload(bias)));
    return b.memory().download(y.value()).toFloats();
  }
}
