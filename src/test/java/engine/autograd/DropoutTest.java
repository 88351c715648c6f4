package engine.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;

final class DropoutTest {
  private static final int N = 100_000;

  @OnEveryDevice
  void keepsTheExpectedFractionAndScalesIt(Backend b) {
    for (float p : new float[] {0.1f, 0.3f, 0.5f, 0.9f}) {
      float[] y = drop(b, 11, 2, p, 1)[0];
      int kept = 0;
      for (float v : y) {
        if (v != 0) {
          assertEquals(1 / (1 - p), v, 1e-6);
          kept++;
        }
      }
      double sigma = Math.sqrt(p * (1 - p) / N);
      assertEquals(1 - p, kept / (double) N, 5 * sigma, "p " + p);
    }
  }

  @OnEveryDevice
  void sameStateGivesTheSameMask(Backend b) {
    assertArrayEquals(drop(b, 11, 2, 0.3f, 1)[0], drop(b, 11, 2, 0.3f, 1)[0]);
  }

  @OnEveryDevice
  void seedStepAndPlaceInTheNetworkChangeTheMask(Backend b) {
    float[][] two = drop(b, 11, 2, 0.5f, 2);
    assertFalse(Arrays.equals(two[0], two[1]), "two dropouts of a step");
    assertFalse(Arrays.equals(two[0], drop(b, 12, 2, 0.5f, 1)[0]), "seeds");
    assertFalse(Arrays.equals(two[0], drop(b, 11, 3, 0.5f, 1)[0]), "steps");
  }

  @OnEveryDevice
  void evaluationAndZeroProbabilityChangeNothing(Backend b) {
    try (var _ = TestDevices.noLeaks(b);
        Tape evaluation = Tape.evaluation(b);
        Tape training = Tape.training(b)) {
      Variable x = evaluation.constant(b.memory().upload(Inputs.normal(2, 3)));
      assertSame(x, Dropout.apply(evaluation, x, 0.5f));
      assertSame(x, Dropout.apply(training, x, 0));
      assertSame(x, StochasticDepth.apply(evaluation, x, 0.5f));
    }
  }

  @OnEveryDevice
  void stochasticDepthDropsWholeImages(Backend b) {
    try (var _ = TestDevices.noLeaks(b);
        Tape tape = Tape.training(b)) {
      float[] ones = new float[64 * 6];
      Arrays.fill(ones, 1);
      Variable x = tape.constant(b.memory().upload(HostTensor.of(ones, 64, 3, 2, 1)));
      Tensor state = tape.constant(b.memory().upload(HostTensor.of(new long[] {1, 1}, 2))).value();
      float[] y =
          b.memory()
              .download(StochasticDepth.apply(tape.withRandom(state), x, 0.5f).value())
              .toFloats();
      int kept = 0;
      for (int i = 0; i < 64; i++) {
        for (int j = 0; j < 6; j++) {
          assertEquals(y[i * 6], y[i * 6 + j]);
        }
        kept += y[i * 6] == 2 ? 1 : 0;
      }
      assertEquals(32, kept, 20);
    }
  }

  /** {@code count} dropouts of one step over ones. */
  private static float[][] drop(Backend b, long seed, long step, float p, int count) {
    float[] ones = new float[N];
    Arrays.fill(ones, 1);
    float[][] out = new float[count][];
    try (var _ = TestDevices.noLeaks(b);
        Tensor state = b.memory().upload(HostTensor.of(new long[] {seed, step}, 2));
        Tape tape = Tape.training(b).withRandom(state)) {
      Variable x = tape.constant(b.memory().upload(HostTensor.of(ones, N)));
      for (int i = 0; i < count; i++) {
        out[i] = b.memory().download(Dropout.apply(tape, x, p).value()).toFloats();
      }
    }
    return out;
  }
}
