package engine.autograd;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.SplittableRandom;

/** Values for gradient checks, the same for the same shape. */
final class Inputs {
  private Inputs() {}

  static HostTensor normal(long... shape) {
    int n = Math.toIntExact(Shape.of(shape).elements());
    return HostTensor.of(GradientCheck.normal(new SplittableRandom(n), n), shape);
  }

  /** Away from zero, of both signs: for divisors. */
  static HostTensor nonZero(long... shape) {
    float[] v = normal(shape).toFloats();
    for (int i = 0; i < v.length; i++) {
      v[i] += v[i] < 0 ? -0.7f : 0.7f;
    }
    return HostTensor.of(v, shape);
  }

  /**
   * All different by at least 0.1 and no nearer than 0.025 to a multiple of 0.1, where functions
   * have their kinks: a small step changes no maximum and crosses no kink.
   */
  static HostTensor distinct(long... shape) {
    int n = Math.toIntExact(Shape.of(shape).elements());
    SplittableRandom random = new SplittableRandom(n);
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = 0.1f * (i - n / 2) + 0.025f;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      float t = v[i];
      v[i] = v[j];
      v[j] = t;
    }
    return HostTensor.of(v, shape);
  }
}
