package engine.backend.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.backend.Conv2dGeometry;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Sums;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.SimulatedGpus;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a norm makes of the sums that cuDNN's fused convolutions hand to it. */
final class NormSumsTest {
  private static CudaBackend h100;

  @BeforeAll
  static void open() {
    h100 = SimulatedGpus.open(SimulatedGpus.HOPPER);
  }

  @AfterAll
  static void close() {
    h100.close();
  }

  private static final Normalizations.Affine UNIT = new Normalizations.Affine(null, null, 1e-5f);

  @Test
  void whatIsNotFiniteIsSeenInEveryResult() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] v = new float[8 * 9];
      v[40] = bad;
      try (var _ = TestDevices.noLeaks(h100);
          Tensor plain = h100.memory().upload(HostTensor.of(v, 1, 8, 3, 3));
          Tensor x = h100.memory().cast(plain, DType.F16);
          Tensor w = h100.memory().upload(normal(1, 8, 8, 1, 1))) {
        Conv2dGeometry g = Conv2dGeometry.of(1, 0, 1);
        var first = h100.convolutions().forwardForNorm(x, w, g);
        var norms = h100.normalizations();
        var saved = norms.defer(first.y(), first.sums(), UNIT, null);
        var second = h100.convolutions().forwardForNorm(saved.deferred(), w, g);
        for (float y : h100.memory().download(second.y()).toFloats()) {
          assertTrue(Float.isNaN(y), bad + " became " + y);
        }
        first.y().close();
        first.sums().close();
        saved.close();
        second.y().close();
        second.sums().close();
      }
    }
  }

  @Test
  void aChannelOfOneValueHasNoVarianceHoweverItsSumsAreRounded() {
    float value = 1.1f;
    int pixels = 3 * 5 * 7;
    float squares = 0;
    float sum = 0;
    for (int i = 0; i < pixels; i++) {
      sum += value;
      squares += value * value;
    }
    try (var _ = TestDevices.noLeaks(h100);
        Tensor x = h100.memory().zeros(DType.F32, Shape.of(3, 1, 5, 7));
        Sums sums =
            new Sums(
                h100.memory().upload(HostTensor.of(new float[] {sum}, 1)),
                h100.memory().upload(HostTensor.of(new float[] {squares * 0.999f}, 1)))) {
      var t = h100.normalizations().train(x, sums, UNIT, Normalizations.After.NOTHING);
      assertEquals(0, h100.memory().download(t.saved().batch().variance()).item());
      assertEquals(value, h100.memory().download(t.saved().batch().mean()).item(), 1e-5);
      t.y().close();
      t.saved().close();
    }
  }

  private static HostTensor normal(long seed, long... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[Math.toIntExact(Shape.of(dims).elements())];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(v, dims);
  }
}
