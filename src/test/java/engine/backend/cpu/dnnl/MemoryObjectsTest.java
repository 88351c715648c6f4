package engine.backend.cpu.dnnl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.TestDevices;
import engine.backend.Backend;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Statistics;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** oneDNN's memory objects are kept for later calls, but not for ever. */
final class MemoryObjectsTest {
  /** A context keeps 65,536; each call here has two of its own, besides those of both inputs. */
  private static final int CALLS = 35_000;

  /** The limit is met within the arguments of a call, whose objects must live until it has run. */
  @Test
  void noneGoesWhileACallHoldsIt() {
    Backend b = TestDevices.cpu();
    Shape shape = Shape.of(1, 16, 1, 1);
    try (var _ = TestDevices.noLeaks(b)) {
      List<Tensor> means = new ArrayList<>();
      List<Tensor> results = new ArrayList<>();
      try (Tensor x = b.memory().zeros(DType.F32, shape);
          Tensor one = b.memory().upload(HostTensor.of(ones(), 16))) {
        for (int i = 0; i < CALLS; i++) {
          Tensor mean = b.memory().zeros(DType.F32, Shape.of(16));
          means.add(mean);
          Tensor y =
              b.normalizations()
                  .infer(x, new Affine(one, one, 0), new Statistics(mean, one), After.NOTHING);
          results.add(y);
        }
        for (Tensor y : results) {
          assertEquals(1, b.memory().download(y).toFloats()[3]);
        }
      } finally {
        means.forEach(Tensor::close);
        results.forEach(Tensor::close);
      }
    }
  }

  private static float[] ones() {
    float[] all = new float[16];
    Arrays.fill(all, 1);
    return all;
  }
}
