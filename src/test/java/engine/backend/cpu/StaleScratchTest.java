package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A NaN of one step must not live on in scratch memory: kernels that multiply stale memory by zero
 * padding would carry it into the next step.
 */
final class StaleScratchTest {
  private final Backend backend = TestDevices.cpu();

  /** Layers of small pictures, whose kernels are larger than their images. */
  @ParameterizedTest
  @CsvSource({
    "8, 16, 32, 1, 3, 2, 1",
    "8, 32, 32, 1, 3, 1, 1",
    "6, 16, 32, 2, 3, 2, 1",
    "6, 16, 16, 3, 5, 2, 2",
    "6, 16, 32, 4, 3, 2, 1",
    "4, 3, 16, 8, 7, 2, 3"
  })
  void gradientsOfAFiniteStepAfterOneOfNaN(
      int n, int in, int out, int side, int kernel, int stride, int pad) {
    compare(n, in, out, side, kernel, Conv2dGeometry.of(stride, pad, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 16, 32, 1, 3, 2",
    "6, 16, 32, 2, 3, 2",
    "6, 16, 16, 3, 5, 2",
    "6, 16, 16, 4, 5, 2",
    "6, 16, 32, 4, 3, 2",
    "4, 3, 16, 8, 3, 2",
    "4, 3, 16, 9, 7, 2",
    "4, 3, 16, 8, 7, 3"
  })
  void gradientsWithSamePaddingToo(int n, int in, int out, int side, int kernel, int stride) {
    Conv2dGeometry g = Conv2dGeometry.of(stride, 0, 1);
    Shape w = Shape.of(out, in, kernel, kernel);
    compare(n, in, out, side, kernel, g.paddedSame(Shape.of(n, in, side, side), w));
  }

  private void compare(int n, int in, int out, int side, int kernel, Conv2dGeometry g) {
    Convolutions conv = backend.convolutions();
    for (DType type : new DType[] {DType.F32, DType.BF16}) {
      try (Tensor x = random(type, Shape.of(n, in, side, side), 1);
          Tensor w = random(DType.F32, Shape.of(out, in, kernel, kernel), 2);
          Tensor placed = conv.placeWeight(w, x.shape(), DType.F32, g);
          Tensor y = conv.forward(x, placed, null, g);
          Tensor dy = random(type, y.shape(), 3);
          Tensor nan = filled(type, y.shape(), Float.NaN);
          Tensor xNan = filled(type, x.shape(), Float.NaN)) {
        float[] filter = gradient(conv, x, dy, placed, g);
        gradient(conv, xNan, nan, placed, g);
        float[] again = gradient(conv, x, dy, placed, g);
        float[] data = data(conv, dy, placed, x.shape(), g);
        data(conv, nan, placed, x.shape(), g);
        float[] dataAgain = data(conv, dy, placed, x.shape(), g);
        for (float v : filter) {
          assertTrue(Float.isFinite(v), type + " filter gradient: " + v);
        }
        for (float v : data) {
          assertTrue(Float.isFinite(v), type + " data gradient: " + v);
        }
        assertArrayEquals(filter, again, type + " filter gradient");
        assertArrayEquals(data, dataAgain, type + " data gradient");
      }
    }
  }

  private float[] gradient(Convolutions conv, Tensor x, Tensor dy, Tensor w, Conv2dGeometry g) {
    poison();
    try (Tensor dw = conv.backwardWeight(x, dy, w, null, g)) {
      return backend.memory().download(dw).toFloats();
    }
  }

  private float[] data(Convolutions conv, Tensor dy, Tensor w, Shape x, Conv2dGeometry g) {
    poison();
    try (Tensor dx = conv.backwardData(dy, w, x, g)) {
      return backend.memory().download(dx).toFloats();
    }
  }

  /** Leaves NaN in memory that is free. */
  private void poison() {
    List<Tensor> all = new ArrayList<>();
    for (int bytes = 64; bytes <= 1 << 18; bytes *= 2) {
      for (int i = 0; i < 8; i++) {
        Tensor t = backend.memory().empty(DType.F32, Shape.of(bytes / 4));
        backend.memory().fillInPlace(t, Float.NaN);
        all.add(t);
      }
    }
    all.forEach(Tensor::close);
    Conv2dGeometry g = Conv2dGeometry.of(1, 1, 1);
    Convolutions conv = backend.convolutions();
    for (DType type : new DType[] {DType.F32, DType.BF16}) {
      try (Tensor w = random(DType.F32, Shape.of(64, 64, 3, 3), 2);
          Tensor nan = filled(type, Shape.of(4, 64, 14, 14), Float.NaN)) {
        conv.backwardWeight(nan, nan, w, null, g).close();
        conv.backwardData(nan, w, nan.shape(), g).close();
        conv.forward(nan, w, null, g).close();
      }
    }
  }

  private Tensor random(DType type, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextDouble(-1, 1);
    }
    return of(type, shape, v);
  }

  private Tensor filled(DType type, Shape shape, float value) {
    float[] v = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(v, value);
    return of(type, shape, v);
  }

  private Tensor of(DType type, Shape shape, float[] v) {
    try (Tensor t = backend.memory().upload(HostTensor.of(v, shape.dims()))) {
      return backend.memory().cast(t, type);
    }
  }
}
