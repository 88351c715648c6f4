package engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import engine.TestDevices;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/**
 * What tests on drawn shapes share: the devices beside the CPU, what is drawn, how it is compared.
 */
abstract class DrawnShapes {
  static final long SEED = Long.getLong("engine.test.seed", 20261124);

  final Random random = new Random(SEED);

  static Stream<Named<Backend>> others() {
    return TestDevices.all().filter(n -> !n.getName().equals("cpu"));
  }

  interface Work {
    /** Results, all of them the caller's. */
    List<Tensor> on(Backend b, Tensor[] inputs);
  }

  void agree(Backend device, double tolerance, String what, Work work, HostTensor... inputs) {
    List<HostTensor> expected = run(TestDevices.cpu(), work, inputs);
    List<HostTensor> actual = run(device, work, inputs);
    assertEquals(expected.size(), actual.size());
    for (int r = 0; r < expected.size(); r++) {
      String where = "%s, result %d, seed %d".formatted(what, r, SEED);
      assertEquals(expected.get(r).shape(), actual.get(r).shape(), where);
      double[] e = expected.get(r).toDoubles();
      double[] a = actual.get(r).toDoubles();
      for (int i = 0; i < e.length; i++) {
        boolean near = Math.abs(e[i] - a[i]) <= tolerance * (1 + Math.abs(e[i]));
        if (!near && Double.compare(e[i], a[i]) != 0) {
          fail("%s: element %d is %s, not %s".formatted(where, i, a[i], e[i]));
        }
      }
    }
  }

  static List<HostTensor> run(Backend b, Work work, HostTensor[] inputs) {
    try (var _ = TestDevices.noLeaks(b)) {
      Tensor[] x = Arrays.stream(inputs).map(b.memory()::upload).toArray(Tensor[]::new);
      List<Tensor> results = work.on(b, x);
      List<HostTensor> out = results.stream().map(b.memory()::download).toList();
      results.forEach(Tensor::close);
      Arrays.stream(x).forEach(Tensor::close);
      return out;
    }
  }

  // ---- drawing ----

  /** From 1 to {@code most}. */
  int size(int most) {
    return 1 + random.nextInt(most);
  }

  HostTensor normal(long... shape) {
    return drawn(random::nextGaussian, shape);
  }

  HostTensor uniform(long... shape) {
    return drawn(() -> 0.01 + random.nextDouble(), shape);
  }

  /** Not near 0: a divisor. */
  HostTensor away(long... shape) {
    return drawn(() -> (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble()), shape);
  }

  static HostTensor drawn(DoubleSupplier draw, long... shape) {
    float[] all = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) draw.getAsDouble();
    }
    return HostTensor.of(all, shape);
  }
}
