package engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.TestPictures;
import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** Pixels become network input, and pictures are blended, to the same bits on every device. */
final class PicturesOnDeviceTest {
  private static final long SEED = Long.getLong("engine.test.seed", 20261130);

  private final Random random = new Random(SEED);

  @OnEveryDevice
  void normalizationDividesInFloat32AndPutsChannelsFirst(Backend backend) {
    for (Normalization norm : new Normalization[] {Normalization.IMAGENET, Normalization.CIFAR10}) {
      byte[] pixels = new byte[2 * 17 * 3 * norm.channels()];
      random.nextBytes(pixels);
      int picture = pixels.length / 2;
      try (var _ = TestDevices.noLeaks(backend);
          Arena arena = Arena.ofConfined();
          Tensor x = backend.memory().empty(DType.F32, Shape.of(2, norm.channels(), 3, 17))) {
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, pixels);
        backend.memory().normalizePixelsInPlace(bytes, norm, x);
        float[] got = backend.memory().download(x).toFloats();
        for (int i = 0; i < 2; i++) {
          int from = i * picture;
          float[] own =
              TestPictures.normalized(Arrays.copyOfRange(pixels, from, from + picture), norm);
          assertArrayEquals(own, Arrays.copyOfRange(got, from, from + picture));
        }
      }
    }
  }

  @OnEveryDevice
  void mixupTakesThePictureBeforeAsPartnerAndTheLastForTheFirst(Backend backend) {
    float[] x = {1, 2, 10, 20, 100, 200};
    assertArrayEquals(
        new float[] {25.75f, 51.5f, 7.75f, 15.5f, 77.5f, 155}, mixed(backend, x, 3, 0.75f));
  }

  /** Bits of {@code own * x + (1 - own) * partner}, in chunks and on threads or not. */
  @OnEveryDevice
  void mixupRoundsEachProductAndTheSum(Backend backend) {
    for (int[] size : new int[][] {{1, 7}, {2, 1}, {5, 2048}, {3, 40_001}}) {
      float[] x = new float[size[0] * size[1]];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      float own = random.nextFloat();
      float[] expected = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        float partner = x[(i - size[1] + x.length) % x.length];
        expected[i] = own * x[i] + (1 - own) * partner;
      }
      assertArrayEquals(expected, mixed(backend, x, size[0], own), "seed " + SEED);
    }
  }

  private static float[] mixed(Backend backend, float[] x, int count, float own) {
    try (var _ = TestDevices.noLeaks(backend);
        Tensor t = backend.memory().upload(HostTensor.of(x, count, 1, 1, x.length / count))) {
      backend.elementwise().mixupInPlace(t, own);
      return backend.memory().download(t).toFloats();
    }
  }
}
