package engine.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.data.image.PixelImage;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Pictures for tests. */
final class Pictures {
  private Pictures() {}

  static PixelImage noise(int width, int height, int channels, long seed) {
    byte[] data = new byte[width * height * channels];
    new SplittableRandom(seed).nextBytes(data);
    return new PixelImage(width, height, channels, data);
  }

  static PixelImage flat(int width, int height, int channels, int value) {
    byte[] data = new byte[width * height * channels];
    Arrays.fill(data, (byte) value);
    return new PixelImage(width, height, channels, data);
  }

  static void assertSame(PixelImage expected, PixelImage got) {
    assertEquals(expected.width(), got.width());
    assertEquals(expected.height(), got.height());
    assertEquals(expected.channels(), got.channels());
    assertArrayEquals(expected.data(), got.data());
  }
}
