package engine.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import engine.TestDevices;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * Compares an op's backward with central differences of its forward, along random directions and
 * single elements. The scalar that is differentiated is the sum of the output times fixed random
 * numbers, taken in double.
 */
final class GradientCheck {
  interface Op {
    Variable apply(Tape tape, Variable[] inputs);
  }

  private static final double EPS = 1e-2;
  private static final int DIRECTIONS = 4;
  private static final int ELEMENTS = 5;

  private final Backend backend;
  private final Op op;
  private final boolean training;
  private double tolerance = 2e-3;

  private GradientCheck(Backend backend, boolean training, Op op) {
    this.backend = backend;
    this.training = training;
    this.op = op;
  }

  static void check(Backend backend, Op op, HostTensor... inputs) {
    new GradientCheck(backend, true, op).run(inputs);
  }

  /**
   * For functions that bend more within the step, with layers in evaluation mode if not {@code
   * training}.
   */
  static void check(
      Backend backend, boolean training, double tolerance, Op op, HostTensor... inputs) {
    GradientCheck c = new GradientCheck(backend, training, op);
    c.tolerance = tolerance;
    c.run(inputs);
  }

  private void run(HostTensor[] inputs) {
    long seed = 20240601;
    SplittableRandom random = new SplittableRandom(seed);
    try (var _ = TestDevices.noLeaks(backend)) {
      float[][] values = new float[inputs.length][];
      for (int i = 0; i < inputs.length; i++) {
        values[i] = inputs[i].toFloats();
      }
      double[] dy = null;
      float[][] gradients = new float[inputs.length][];
      Variable[] leaves = leaves(inputs, values);
      try (Tape tape = tape()) {
        Variable y = op.apply(tape, leaves);
        float[] g = normal(random, (int) y.shape().elements());
        dy = widen(g);
        tape.backward(y, backend.memory().upload(HostTensor.of(g, y.shape().dims())));
        for (int i = 0; i < leaves.length; i++) {
          assertNotNull(leaves[i].grad(), "input " + i + " got no gradient");
          assertEquals(inputs[i].shape(), leaves[i].grad().shape());
          gradients[i] = backend.memory().download(leaves[i].grad()).toFloats();
        }
      } finally {
        close(leaves);
      }
      for (int i = 0; i < inputs.length; i++) {
        for (int k = 0; k < DIRECTIONS + ELEMENTS; k++) {
          float[] direction = direction(random, values[i].length, k >= DIRECTIONS);
          compare(inputs, values, i, direction, gradients[i], dy, "input " + i + ", seed " + seed);
        }
      }
    }
  }

  private void compare(
      HostTensor[] inputs,
      float[][] values,
      int i,
      float[] direction,
      float[] gradient,
      double[] dy,
      String what) {
    double expected = 0;
    double norm = 0;
    for (int k = 0; k < direction.length; k++) {
      expected += (double) gradient[k] * direction[k];
      norm += Math.abs(gradient[k] * direction[k]);
    }
    double slope =
        (project(inputs, moved(values, i, direction, EPS), dy)
                - project(inputs, moved(values, i, direction, -EPS), dy))
            / (2 * EPS);
    assertEquals(slope, expected, tolerance * Math.max(1, norm), what);
  }

  private double project(HostTensor[] inputs, float[][] values, double[] dy) {
    Variable[] leaves = leaves(inputs, values);
    try (Tape tape = tape()) {
      float[] y = backend.memory().download(op.apply(tape, leaves).value()).toFloats();
      double sum = 0;
      for (int k = 0; k < y.length; k++) {
        sum += dy[k] * y[k];
      }
      return sum;
    } finally {
      close(leaves);
    }
  }

  private Tape tape() {
    return training ? Tape.training(backend) : Tape.evaluation(backend);
  }

  private Variable[] leaves(HostTensor[] inputs, float[][] values) {
    Variable[] leaves = new Variable[inputs.length];
    for (int i = 0; i < leaves.length; i++) {
      Tensor t = backend.memory().upload(HostTensor.of(values[i], inputs[i].shape().dims()));
      leaves[i] = new Variable(t, true);
    }
    return leaves;
  }

  private static void close(Variable[] leaves) {
    for (Variable v : leaves) {
      v.close();
    }
  }

  private static float[][] moved(float[][] values, int i, float[] direction, double by) {
    float[][] m = values.clone();
    m[i] = values[i].clone();
    for (int k = 0; k < direction.length; k++) {
      m[i][k] += (float) (by * direction[k]);
    }
    return m;
  }

  /** Plus or minus one everywhere, or one element alone. */
  private static float[] direction(SplittableRandom random, int n, boolean single) {
    float[] d = new float[n];
    if (single) {
      d[random.nextInt(n)] = 1;
    } else {
      for (int k = 0; k < n; k++) {
        d[k] = random.nextBoolean() ? 1 : -1;
      }
    }
    return d;
  }

  static float[] normal(SplittableRandom random, int n) {
    float[] v = new float[n];
    for (int k = 0; k < n; k++) {
      v[k] = (float) random.nextGaussian();
    }
    return v;
  }

  private static double[] widen(float[] v) {
    double[] d = new double[v.length];
    for (int k = 0; k < v.length; k++) {
      d[k] = v[k];
    }
    return d;
  }
}
