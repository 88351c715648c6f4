package engine.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.OnEveryDevice;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.Flatten;
import engine.autograd.LinearOp;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import java.util.SplittableRandom;

/** The map without a backward is the one of the paper, with gradients by the tape. */
final class GradCamTest {
  private static final int CHANNELS = 6;
  private static final int CLASSES = 4;
  private static final int PLACES = 15;

  @OnEveryDevice
  void theMapIsProportionalToTheOneByGradients(Backend backend) {
    SplittableRandom random = new SplittableRandom(11);
    float[] a = floats(random, CHANNELS * PLACES);
    float[] w = floats(random, CLASSES * CHANNELS);
    for (int c = 0; c < CLASSES; c++) {
      float[] gradient = gradient(backend, a, w, c);
      GradCam cam = new GradCam.Features(a, CHANNELS, 3, 5, w).of(c);
      double most = 0;
      for (int i = 0; i < PLACES; i++) {
        double expected = 0;
        for (int k = 0; k < CHANNELS; k++) {
          double alpha = 0; // equation 1: the mean gradient of a feature
          for (int j = 0; j < PLACES; j++) {
            alpha += gradient[k * PLACES + j] / PLACES;
          }
          expected += alpha * a[k * PLACES + i];
        }
        most = Math.max(most, expected);
        assertEquals(Math.max(0, expected) * PLACES, cam.map()[i], 1e-4);
      }
      assertTrue(most > 0, "a map that is nowhere warm shows nothing");
    }
  }

  private static float[] gradient(Backend backend, float[] a, float[] w, int c) {
    try (Tape tape = Tape.evaluation(backend)) {
      Variable x = new Variable(backend.memory().upload(HostTensor.of(a, 1, CHANNELS, 3, 5)), true);
      Variable weight =
          new Variable(backend.memory().upload(HostTensor.of(w, CLASSES, CHANNELS)), false);
      Variable y =
          LinearOp.apply(
              tape, Flatten.apply(tape, AdaptiveAvgPool2d.apply(tape, x, 1, 1)), weight, null);
      float[] one = new float[CLASSES];
      one[c] = 1;
      tape.backward(y, backend.memory().upload(HostTensor.of(one, 1, CLASSES)));
      float[] g = backend.memory().download(x.grad()).toFloats();
      x.close();
      weight.close();
      return g;
    }
  }

  private static float[] floats(SplittableRandom random, int n) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return out;
  }
}
