package engine.backend.cuda.layout;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.Random;

/** Random tensors for tests of layouts. */
final class DrawnValues {
  private final long seed;
  private final Random random;

  DrawnValues(long seed) {
    this.seed = seed;
    random = new Random(seed);
  }

  /** From now on the same values again. */
  void restart() {
    random.setSeed(seed);
  }

  HostTensor normal(long... shape) {
    float[] v = new float[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(v, shape);
  }

  /** Values that halves hold exactly. */
  HostTensor coarse(long... shape) {
    float[] v = new float[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < v.length; i++) {
      v[i] = random.nextInt(-64, 65) / 32f;
    }
    return HostTensor.of(v, shape);
  }

  /** Divisors. */
  HostTensor away(long... shape) {
    float[] v = coarse(shape).toFloats();
    for (int i = 0; i < v.length; i++) {
      v[i] = v[i] < 0 ? v[i] - 0.5f : v[i] + 0.5f;
    }
    return HostTensor.of(v, shape);
  }

  HostTensor squares(int n) {
    float[] v = normal(n).toFloats();
    for (int i = 0; i < n; i++) {
      v[i] = 0.1f + v[i] * v[i];
    }
    return HostTensor.of(v, n);
  }
}
