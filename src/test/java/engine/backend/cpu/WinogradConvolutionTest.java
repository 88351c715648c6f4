package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Devices;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd's convolutions beside oneDNN's direct ones. */
final class WinogradConvolutionTest {
  private static final Conv2dGeometry GEOMETRY = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1);
  private static final Backend CPU = Devices.open("cpu", 2);

  @BeforeAll
  static void machine() {
    assumeTrue(
        CPU.describe().contains("AVX-512"), "Winograd's convolutions are for AVX-512 machines");
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Sides that are no multiple of four, several panels with a smaller last one, both epilogues. */
  @ParameterizedTest
  @CsvSource({
    "1, 64, 64, 12, 12, false, true",
    "3, 64, 80, 13, 18, false, false",
    "2, 72, 64, 11, 9, false, true",
    "2, 96, 96, 14, 15, true, true",
    "5, 128, 128, 30, 28, true, false",
    "11, 256, 256, 14, 14, false, true",
  })
  void directConvolution(int n, int in, int out, int h, int w, boolean residual, boolean relu) {
    Shape xs = Shape.of(n, in, h, w);
    SplittableRandom random = new SplittableRandom(n * 31L + in);
    try (Tensor x = values(random, 1, xs);
        Tensor filters = values(random, Math.sqrt(2.0 / (9 * in)), Shape.of(out, in, 3, 3));
        Tensor bias = values(random, 1, Shape.of(out));
        Tensor added = values(random, 1, Shape.of(n, out, h, w));
        Tensor placed = CPU.convolutions().placeInferenceWeight(filters, xs, DType.F32, GEOMETRY)) {
      assertTrue(WinogradConvolution.isTransformed(placed));
      float[] want = infer(x, filters, bias, residual ? added : null, relu);
      float[] got = infer(x, placed, bias, residual ? added : null, relu);
      float largest = 0;
      for (float v : want) {
        largest = Math.max(largest, Math.abs(v));
      }
      assertArrayEquals(want, got, 2e-5f * largest);
    }
  }

  @Test
  void replayedPlanGivesTheSameBits() {
    Shape xs = Shape.of(3, 64, 20, 20);
    SplittableRandom random = new SplittableRandom(8);
    try (Tensor x = values(random, 1, xs);
        Tensor filters = values(random, 0.06, Shape.of(64, 64, 3, 3));
        Tensor bias = values(random, 1, Shape.of(64));
        Tensor placed = CPU.convolutions().placeInferenceWeight(filters, xs, DType.F32, GEOMETRY);
        Tensor y = CPU.memory().empty(DType.F32, xs)) {
      float[] eager = infer(x, placed, bias, null, true);
      try (var plan =
          CPU.record(
              () -> {
                try (Tensor r =
                    CPU.convolutions().inferInPlace(x, placed, bias, null, true, GEOMETRY)) {
                  CPU.memory().copyInPlace(r, y);
                }
              })) {
        CPU.memory().fillInPlace(y, 0);
        plan.replay();
        assertArrayEquals(eager, CPU.memory().download(y).toFloats());
      }
    }
  }

  @Test
  void smallOrOtherLayersStayDirect() {
    assertDirect(Shape.of(1, 64, 7, 7), Shape.of(64, 64, 3, 3), DType.F32, GEOMETRY);
    assertDirect(Shape.of(1, 48, 28, 28), Shape.of(64, 48, 3, 3), DType.F32, GEOMETRY);
    assertDirect(Shape.of(1, 64, 28, 28), Shape.of(64, 64, 3, 3), DType.BF16, GEOMETRY);
    Conv2dGeometry strided = new Conv2dGeometry(2, 2, 1, 1, 1, 1, 1);
    assertDirect(Shape.of(1, 64, 28, 28), Shape.of(64, 64, 3, 3), DType.F32, strided);
  }

  @Test
  void fewAnswersAreDirect() {
    Shape xs = Shape.of(1, 64, 28, 28);
    try (Backend few = Devices.open("cpu", 1);
        Tensor filters = few.memory().zeros(DType.F32, Shape.of(64, 64, 3, 3))) {
      few.expectFewAnswers();
      try (Tensor placed =
          few.convolutions().placeInferenceWeight(filters, xs, DType.F32, GEOMETRY)) {
        assertFalse(WinogradConvolution.isTransformed(placed));
      }
    }
  }

  @Test
  void transformedFiltersAreNotReadAsOthers() {
    Shape xs = Shape.of(1, 64, 12, 12);
    try (Tensor filters = values(new SplittableRandom(3), 1, Shape.of(64, 64, 3, 3));
        Tensor placed = CPU.convolutions().placeInferenceWeight(filters, xs, DType.F32, GEOMETRY)) {
      assertEquals(filters.shape(), placed.shape());
      assertThrows(IllegalArgumentException.class, () -> CPU.memory().download(placed));
    }
  }

  private static void assertDirect(Shape x, Shape w, DType type, Conv2dGeometry g) {
    try (Tensor filters = values(new SplittableRandom(4), 1, w);
        Tensor placed = CPU.convolutions().placeInferenceWeight(filters, x, type, g)) {
      assertFalse(WinogradConvolution.isTransformed(placed), x + " by " + w);
    }
  }

  /** A copy of the residual is used up. */
  private static float[] infer(Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu) {
    Tensor copy = residual == null ? null : CPU.memory().emptyLike(residual);
    if (copy != null) {
      CPU.memory().copyInPlace(residual, copy);
    }
    try (copy;
        Tensor y = CPU.convolutions().inferInPlace(x, w, bias, copy, relu, GEOMETRY)) {
      return CPU.memory().download(y).toFloats();
    }
  }

  private static Tensor values(SplittableRandom random, double scale, Shape shape) {
    float[] all = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) (scale * random.nextGaussian());
    }
    return CPU.memory().upload(HostTensor.of(all, shape.dims()));
  }
}
