package engine.nn;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * Initial values of weights, by the names PyTorch gives them; they come from the generator in
 * row-major order. Where saved values follow, drawing millions of numbers would only cost time: no
 * generator ({@code null}) gives zeros.
 */
public final class Init {
  /** Which side of a weight [out, in/groups, kernel...] a variance is kept for. */
  public enum Fan {
    IN,
    OUT
  }

  private Init() {}

  /**
   * Normal with the standard deviation {@code sqrt(2 / fan)} that suits a ReLU (He et al. 2015).
   */
  public static HostTensor kaimingNormal(Shape shape, Fan fan, RandomGenerator random) {
    return normal(shape, Math.sqrt(2.0 / fan(shape, fan)), random);
  }

  /**
   * Uniform within {@code sqrt(6 / ((1 + a^2) * fan_in))}, for a leaky ReLU of slope {@code a}.
   * PyTorch's default for convolutions and linear layers is a = sqrt(5), which makes the bound
   * {@code 1 / sqrt(fan_in)}.
   */
  public static HostTensor kaimingUniform(Shape shape, double a, RandomGenerator random) {
    return uniform(shape, Math.sqrt(6 / ((1 + a * a) * fan(shape, Fan.IN))), random);
  }

  /** Uniform within {@code sqrt(6 / (fan_in + fan_out))} (Glorot and Bengio 2010). */
  public static HostTensor xavierUniform(Shape shape, RandomGenerator random) {
    return uniform(shape, Math.sqrt(6.0 / (fan(shape, Fan.IN) + fan(shape, Fan.OUT))), random);
  }

  public static HostTensor normal(Shape shape, double std, RandomGenerator random) {
    return random == null ? zeros(shape) : fill(shape, () -> random.nextGaussian() * std);
  }

  /** Uniform in [-bound, bound). */
  public static HostTensor uniform(Shape shape, double bound, RandomGenerator random) {
    return random == null ? zeros(shape) : fill(shape, () -> (2 * random.nextDouble() - 1) * bound);
  }

  public static HostTensor constant(Shape shape, float value) {
    return fill(shape, () -> value);
  }

  /**
   * Inputs (or outputs) of one output (or input): extent 1 (or 0) times the kernel's.
   *
   * @throws IllegalArgumentException for fewer than two axes, which have no fan
   */
  static long fan(Shape shape, Fan fan) {
    if (shape.rank() < 2) {
      throw new IllegalArgumentException("a weight of shape " + shape + " has no fan in and out");
    }
    long kernel = 1;
    for (int i = 2; i < shape.rank(); i++) {
      kernel *= shape.dim(i);
    }
    return kernel * shape.dim(fan == Fan.IN ? 1 : 0);
  }

  private static HostTensor zeros(Shape shape) {
    return HostTensor.of(new float[Math.toIntExact(shape.elements())], shape.dims());
  }

  private static HostTensor fill(Shape shape, DoubleSupplier value) {
    float[] v = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) value.getAsDouble();
    }
    return HostTensor.of(v, shape.dims());
  }
}
