package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.TestDevices;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Poolings of images as oneDNN's convolutions leave them, channels in blocks. */
final class BlockedPoolTest {
  private static final PoolGeometry POOL = PoolGeometry.of(3, 2, 1);

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 16, 24, 48})
  void theIndicesOfMaximaAreThoseOfPlainImages(int channels) {
    Backend b = TestDevices.cpu();
    float[] one = new float[channels * channels];
    for (int c = 0; c < channels; c++) {
      one[c * channels + c] = 1;
    }
    SplittableRandom random = new SplittableRandom(channels);
    float[] values = new float[2 * channels * 9 * 11];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    try (var _ = TestDevices.noLeaks(b);
        Tensor x = b.memory().upload(HostTensor.of(values, 2, channels, 9, 11));
        Tensor w = b.memory().upload(HostTensor.of(one, channels, channels, 1, 1));
        Tensor placed = b.convolutions().forward(x, w, null, Conv2dGeometry.of(1, 0, 1));
        Pools.Max plain = b.pools().max(x, POOL);
        Pools.Max blocked = b.pools().max(placed, POOL);
        Tensor want = b.pools().maxIndices(plain, x, POOL);
        Tensor got = b.pools().maxIndices(blocked, placed, POOL)) {
      assertArrayEquals(b.memory().download(want).toLongs(), b.memory().download(got).toLongs());
    }
  }
}
