package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Devices;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.sim.math.TensorFloat;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** To what products of fp32 are rounded on the software GPU, beside the CPU's exact fp32. */
final class ProductPrecisionTest {
  private static final Backend SIM = Devices.open("sim", 2);
  private static final Backend CPU = Devices.open("cpu", 2);
  private static final Conv2dGeometry GEOMETRY = Conv2dGeometry.of(1, 1, 1);
  private static final Shape X = Shape.of(2, 8, 6, 6);
  private static final Shape W = Shape.of(8, 8, 3, 3);

  @AfterEach
  void backToFp32() {
    SIM.roundToTf32(false);
  }

  @AfterAll
  static void close() {
    SIM.close();
    CPU.close();
  }

  /** Every product of two tensors, of operands that went through {@code round}. */
  private static Map<String, float[]> products(Backend b, DoubleUnaryOperator round) {
    Map<String, float[]> out = new LinkedHashMap<>();
    try (Tensor x = values(b, X, 1, round);
        Tensor w = values(b, W, 2, round);
        Tensor dy = values(b, X, 3, round);
        Tensor bias = values(b, Shape.of(8), 7, v -> v);
        Tensor in = values(b, Shape.of(4, 16), 4, round);
        Tensor weight = values(b, Shape.of(8, 16), 5, round);
        Tensor dout = values(b, Shape.of(4, 8), 6, round)) {
      keep(b, out, "convolution", b.convolutions().forward(x, w, null, GEOMETRY));
      keep(b, out, "fused", b.convolutions().inferInPlace(x, w, bias, null, true, GEOMETRY));
      keep(b, out, "data gradient", b.convolutions().backwardData(dy, w, X, GEOMETRY));
      keep(b, out, "filter gradient", b.convolutions().backwardWeight(x, dy, w, null, GEOMETRY));
      keep(b, out, "linear", b.linears().forward(in, weight, null));
      keep(b, out, "linear data gradient", b.linears().backwardData(dout, weight, in));
      keep(b, out, "linear weight gradient", b.linears().backwardWeight(dout, in));
    }
    return out;
  }

  private static void keep(Backend b, Map<String, float[]> out, String name, Tensor result) {
    try (result) {
      out.put(name, b.memory().download(result).toFloats());
    }
  }

  private static Tensor values(Backend b, Shape shape, long seed, DoubleUnaryOperator round) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[(int) shape.elements()];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) round.applyAsDouble((float) random.nextDouble(-1, 1));
    }
    return b.memory().upload(HostTensor.of(v, shape.dims()));
  }

  @Test
  void fp32IsNotRoundedUnlessTf32IsAllowed() {
    Map<String, float[]> exact = products(CPU, v -> v);
    Map<String, float[]> rounded = products(CPU, TensorFloat::round);
    Map<String, float[]> fp32 = products(SIM, v -> v);
    SIM.roundToTf32(true);
    Map<String, float[]> tf32 = products(SIM, v -> v);
    exact.forEach(
        (name, e) -> {
          assertArrayEquals(e, fp32.get(name), 2e-5f, name);
          assertArrayEquals(rounded.get(name), tf32.get(name), 2e-5f, name + " in TF32");
          assertTrue(farthest(e, tf32.get(name)) > 1e-4, name + " in TF32 is not that of fp32");
        });
  }

  private static double farthest(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  @Test
  void gradientsHaveTheSameBitsAtEachRun() {
    Map<String, float[]> first = products(SIM, v -> v);
    for (int run = 0; run < 3; run++) {
      products(SIM, v -> v).forEach((name, v) -> assertArrayEquals(first.get(name), v, name));
    }
  }

  @Test
  void recordedWorkStaysInThePrecisionItWasRecordedIn() {
    try (Tensor x = values(SIM, X, 1, v -> v);
        Tensor w = values(SIM, W, 2, v -> v);
        Tensor y = SIM.memory().empty(DType.F32, X)) {
      Runnable work =
          () -> {
            try (Tensor once = SIM.convolutions().forward(x, w, null, GEOMETRY)) {
              SIM.memory().copyInPlace(once, y);
            }
          };
      SIM.roundToTf32(true);
      try (var plan = SIM.record(work)) {
        float[] before = SIM.memory().download(y).toFloats();
        SIM.roundToTf32(false);
        plan.replay();
        assertArrayEquals(before, SIM.memory().download(y).toFloats());
        work.run();
        assertTrue(!Arrays.equals(before, SIM.memory().download(y).toFloats()));
      }
    }
  }

  @Test
  void aDeviceWithoutTf32SaysSo() {
    assertThrows(UnsupportedOnDeviceException.class, () -> CPU.roundToTf32(true));
    CPU.roundToTf32(false);
  }
}
