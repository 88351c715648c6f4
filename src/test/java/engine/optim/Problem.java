package engine.optim;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Parameters of several sizes with random values, and random gradients for them. */
final class Problem implements AutoCloseable {
  /** From a bias to more than one block of the CPU's kernels, none of them a round number. */
  static final Map<String, Shape> SHAPES =
      Map.of(
          "bias", Shape.of(5),
          "scalar", Shape.of(),
          "weight", Shape.of(513),
          "matrix", Shape.of(101, 331));

  final Backend backend;
  final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Random random;

  Problem(Backend backend, long seed) {
    this.backend = backend;
    random = new Random(seed);
    SHAPES.keySet().stream()
        .sorted()
        .forEach(
            name ->
                parameters.put(
                    name,
                    new Parameter(
                        backend.memory().upload(host(name, gaussian(name, 1))),
                        !name.equals("bias") && !name.equals("scalar"))));
  }

  /** New gradients for all parameters; gives their values. */
  Map<String, float[]> newGradients(double scale) {
    Map<String, float[]> out = new LinkedHashMap<>();
    parameters.forEach(
        (name, p) -> {
          float[] g = gaussian(name, scale);
          out.put(name, g);
          p.replaceGrad(backend.memory().upload(host(name, g)));
        });
    return out;
  }

  Map<String, float[]> values() {
    Map<String, float[]> out = new LinkedHashMap<>();
    parameters.forEach((n, p) -> out.put(n, backend.memory().download(p.value()).toFloats()));
    return out;
  }

  private float[] gaussian(String name, double scale) {
    float[] x = new float[Math.toIntExact(SHAPES.get(name).elements())];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * scale);
    }
    return x;
  }

  private static HostTensor host(String name, float[] x) {
    return HostTensor.of(x, SHAPES.get(name).dims());
  }

  @Override
  public void close() {
    parameters.values().forEach(Parameter::close);
  }
}
