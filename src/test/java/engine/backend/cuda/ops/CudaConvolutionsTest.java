package engine.backend.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.Kernel;
import engine.backend.Devices;
import engine.backend.Recording;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The CUDA backend's convolutions and linear layers on the software GPU, beside the CPU's. */
final class CudaConvolutionsTest {
  private static final Backend SIM = Devices.open("sim", 2);
  private static final Backend CPU = Devices.open("cpu", 2);
  private static final Conv2dGeometry GEOMETRY = new Conv2dGeometry(2, 1, 1, 0, 1, 2, 2);
  private static final Shape X = Shape.of(2, 4, 7, 9);
  private static final Shape W = Shape.of(6, 2, 3, 3);
  private static final Shape Y = GEOMETRY.outputShape(X, W);

  /** What is computed, and read back as fp32. */
  private interface Work {
    Tensor on(Backend b, DType type);
  }

  @AfterAll
  static void close() {
    SIM.close();
    CPU.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16"})
  void inferenceAddsBiasAndResidualBeforeTheRelu(DType type) {
    compare(
        type,
        (b, t) -> {
          try (Tensor x = values(b, X, t, 1);
              Tensor w = values(b, W, DType.F32, 2);
              Tensor bias = values(b, Shape.of(6), DType.F32, 3);
              Tensor residual = values(b, Y, t, 4)) {
            return b.convolutions().inferInPlace(x, w, bias, residual, true, GEOMETRY);
          }
        });
  }

  /** Filters that stay as they are were rounded by the first answer. */
  @Test
  void aReplayedAnswerInHalfPrecisionRoundsNoFilters() {
    try (Tensor x = values(SIM, X, DType.F16, 1);
        Tensor rows = values(SIM, W, DType.F32, 2);
        Tensor w = SIM.convolutions().placeInferenceWeight(rows, X, DType.F16, GEOMETRY);
        Tensor bias = values(SIM, Shape.of(6), DType.F32, 3)) {
      float[] first;
      try (Tensor y = SIM.convolutions().inferInPlace(x, w, bias, null, true, GEOMETRY)) {
        first = SIM.memory().download(y, DType.F32).toFloats();
      }
      Tensor[] y = new Tensor[1];
      try (Recording answer =
          SIM.record(
              () -> y[0] = SIM.convolutions().inferInPlace(x, w, bias, null, true, GEOMETRY))) {
        assertEquals(2, answer.kernels(), "the layout of the images, and the convolution");
        answer.replay();
        assertArrayEquals(first, SIM.memory().download(y[0], DType.F32).toFloats());
      } finally {
        y[0].close();
      }
    }
  }

  @Test
  void gradientsOfHalvesAreThoseOfTheirValues() {
    compare(
        DType.F16,
        (b, t) -> {
          try (Tensor x = values(b, X, t, 1);
              Tensor dy = values(b, Y, t, 5);
              Tensor w = values(b, W, DType.F32, 2);
              Tensor dbias = b.memory().empty(DType.F32, Shape.of(6))) {
            return b.convolutions().backwardWeight(x, dy, w, dbias, GEOMETRY);
          }
        });
    compare(
        DType.F16,
        (b, t) -> {
          try (Tensor dy = values(b, Y, t, 5);
              Tensor w = values(b, W, DType.F32, 2)) {
            return b.convolutions().backwardData(dy, w, X, GEOMETRY);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16"})
  void aLinearLayerAddsItsBias(DType type) {
    compare(
        type,
        (b, t) -> {
          try (Tensor x = values(b, Shape.of(3, 8), t, 1);
              Tensor w = values(b, Shape.of(5, 8), DType.F32, 2);
              Tensor bias = values(b, Shape.of(5), DType.F32, 3)) {
            return b.linears().forward(x, w, bias);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16"})
  void aLinearLayerInInferenceAddsItsBiasBeforeTheRelu(DType type) {
    for (boolean biased : new boolean[] {true, false}) {
      compare(
          type,
          (b, t) -> {
            try (Tensor x = values(b, Shape.of(3, 8), t, 1);
                Tensor w = values(b, Shape.of(5, 8), DType.F32, 2);
                Tensor bias = values(b, Shape.of(5), DType.F32, 3)) {
              Tensor y = b.linears().inferRelu(x, w, biased ? bias : null);
              float[] v = b.memory().download(y).toFloats();
              boolean some = false;
              for (float e : v) {
                assertTrue(e >= 0);
                some |= e == 0;
              }
              assertTrue(some, "nothing was negative before the ReLU");
              return y;
            }
          });
    }
  }

  @Test
  void gradientsOfALinearLayerInHalfAreThoseOfHalves() {
    compare(DType.F16, (b, t) -> linearGradient(b, t, true));
    compare(DType.F16, (b, t) -> linearGradient(b, t, false));
    try (Tensor x = values(SIM, Shape.of(3, 8), DType.F16, 1);
        Tensor w = values(SIM, Shape.of(5, 8), DType.F32, 2);
        Tensor dy = SIM.memory().upload(HostTensor.of(new float[] {1 + 0x1p-12f}, 1, 1));
        Tensor one = SIM.memory().upload(HostTensor.of(new float[] {1}, 1, 1));
        Tensor half = SIM.memory().cast(one, DType.F16);
        Tensor dw = SIM.linears().backwardWeight(dy, half);
        Tensor dyFull = values(SIM, Shape.of(3, 5), DType.F32, 3);
        Tensor dx = SIM.linears().backwardData(dyFull, w, x)) {
      assertEquals(1, SIM.memory().download(dw).toFloats()[0], "dy was rounded to half");
      assertEquals(DType.F32, dw.dtype());
      assertEquals(DType.F16, dx.dtype());
    }
  }

  private static Tensor linearGradient(Backend b, DType t, boolean ofWeight) {
    try (Tensor x = values(b, Shape.of(3, 8), t, 1);
        Tensor w = values(b, Shape.of(5, 8), DType.F32, 2);
        Tensor dy = values(b, Shape.of(3, 5), DType.F32, 3)) {
      return ofWeight ? b.linears().backwardWeight(dy, x) : b.linears().backwardData(dy, w, x);
    }
  }

  @Test
  void aCapturedConvolutionIsComputedAgainAtEachReplay() {
    try (Tensor x = values(SIM, X, DType.F32, 1);
        Tensor w = values(SIM, W, DType.F32, 2);
        Tensor y = SIM.memory().empty(DType.F32, Y)) {
      Runnable work =
          () -> {
            try (Tensor once = SIM.convolutions().forward(x, w, null, GEOMETRY)) {
              SIM.memory().copyInPlace(once, y);
            }
          };
      work.run();
      try (Recording plan = SIM.record(work)) {
        float[] before = SIM.memory().download(y).toFloats();
        SIM.memory().fillInPlace(x, 0);
        plan.replay();
        assertTrue(Arrays.stream(SIM.memory().download(y).toDoubles()).allMatch(v -> v == 0));
        assertTrue(before[0] != 0);
      }
    }
  }

  @Test
  void theEngineOfAConvolutionIsNamed() {
    try (Tensor x = values(SIM, X, DType.F32, 1);
        Tensor w = values(SIM, W, DType.F32, 2)) {
      String name = SIM.convolutions().implementation(Kernel.FORWARD, x, w, GEOMETRY);
      assertTrue(
          name.matches("cudnn engine \\d+( on tensor cores)?, workspace [\\d,]+ bytes"), name);
    }
  }

  private static void compare(DType type, Work work) {
    long live = SIM.memory().liveTensors();
    double[] expected;
    double[] found;
    try (Tensor c = work.on(CPU, DType.F32);
        Tensor s = work.on(SIM, type)) {
      assertEquals(c.shape(), s.shape());
      expected = CPU.memory().download(c).toDoubles();
      found = SIM.memory().download(s).toDoubles();
    }
    double most = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    // Two units in the last place of the largest value, for roundings that differ in their order.
    double tolerance = most * (type == DType.F16 ? 0x1p-9 : 0x1p-20);
    assertTrue(most > 0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance, "element " + i);
    }
    assertEquals(live, SIM.memory().liveTensors(), "tensors that nobody closed");
  }

  private static Tensor values(Backend b, Shape shape, DType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < v.length; i++) {
      // Halves hold them exactly, so that the CPU, which convolves no halves, may take floats.
      v[i] = random.nextInt(-128, 128) / 256f;
    }
    try (Tensor t = b.memory().upload(HostTensor.of(v, shape.dims()))) {
      return b.memory().cast(t, type);
    }
  }
}
