package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import engine.data.image.ReferencePictures.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageDecoderFuzzTest {
  private static final int FILES = 2000;

  @Test
  void damagedFilesEndInAPictureOrAnImageDecodeException() {
    long seed = System.nanoTime();
    System.out.println("ImageDecoderFuzzTest seed " + seed);
    Random random = new Random(seed);
    List<Picture> pictures = ReferencePictures.all().stream().filter(p -> !p.error()).toList();
    for (int i = 0; i < FILES; i++) {
      Picture p = pictures.get(random.nextInt(pictures.size()));
      byte[] damaged = damage(p.bytes(), random);
      try {
        PixelImage image = ImageDecoder.decode(damaged, p.name(), true);
        assertEquals(3, image.channels());
      } catch (ImageDecodeException e) {
        // what a damaged file should end in
      } catch (Throwable t) {
        fail("file " + i + " from " + p.name() + ", seed " + seed, t);
      }
    }
  }

  private static byte[] damage(byte[] file, Random random) {
    byte[] b = file;
    int at = random.nextInt(b.length);
    switch (random.nextInt(4)) {
      case 0 -> b = Arrays.copyOf(b, at);
      case 1 -> b[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        for (int i = 0; i < 4; i++) {
          b[random.nextInt(Math.min(b.length, 150))] = (byte) random.nextInt();
        }
      }
      default -> {
        byte[] noise = new byte[Math.min(20, b.length - at)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, b, at, noise.length);
      }
    }
    return b;
  }
}
