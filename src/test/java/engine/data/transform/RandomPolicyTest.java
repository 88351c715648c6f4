package engine.data.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.image.PixelImage;
import engine.picture.Normalization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * RandAugment and TrivialAugment against torchvision, see {@code policies.py} beside the values.
 */
final class RandomPolicyTest {
  private static final int WIDTH = 29;
  private static final int HEIGHT = 23;

  @Test
  void everyOperationGivesTorchvisionsBytes() throws IOException {
    List<String> wrong = new ArrayList<>();
    int cases = 0;
    for (String line : lines()) {
      String[] f = line.split(",");
      PolicyOp op = PolicyOp.values()[index(f[1])];
      Interpolation how = Interpolation.valueOf(f[4].toUpperCase(java.util.Locale.ROOT));
      boolean wide = f[0].equals("wide");
      double m = RandomPolicy.magnitude(op, Integer.parseInt(f[2]), wide, WIDTH, HEIGHT);
      double signed = f[3].equals("-1") ? -m : m;
      assertEquals(Double.parseDouble(f[6]), signed, 0.0, line);
      String crc = crc(op.apply(picture(f[5].equals("RGB") ? 3 : 1), signed, how));
      if (!crc.equals(f[7])) {
        wrong.add(line);
      }
      cases++;
    }
    assertTrue(cases > 700, "cases: " + cases);
    assertEquals(List.of(), wrong);
  }

  @Test
  void aPolicyDrawsEveryOperationAndNeverWritesToItsInput() {
    PixelImage in = picture(3);
    byte[] before = in.data().clone();
    Transform trivial = Transforms.trivialAugment(Interpolation.BILINEAR);
    long different =
        new SplittableRandom(5)
            .longs(400)
            .mapToObj(s -> crc(trivial.apply(in, new SplittableRandom(s))))
            .distinct()
            .count();
    assertTrue(different > 150, "different results: " + different);
    assertEquals(-1, Arrays.mismatch(before, in.data()));
    Transform rand = Transforms.randAugment(2, 9, Interpolation.BILINEAR);
    assertEquals(
        crc(rand.apply(in, new SplittableRandom(1))), crc(rand.apply(in, new SplittableRandom(1))));
  }

  @Test
  void erasingFillsARectangleWithTheMean() {
    PixelImage in = picture(3);
    Normalization norm = Normalization.IMAGENET;
    Transform erase = new LateAugmentation(0, 0, 1, norm).onHost();
    PixelImage out = erase.apply(in, new SplittableRandom(3));
    int erased = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      boolean mean =
          (out.data()[i * 3] & 0xff) == 124
              && (out.data()[i * 3 + 1] & 0xff) == 116
              && (out.data()[i * 3 + 2] & 0xff) == 104;
      erased += mean ? 1 : 0;
      if (!mean) {
        assertEquals(in.data()[i * 3], out.data()[i * 3]);
      }
    }
    assertTrue(erased >= 0.015 * WIDTH * HEIGHT && erased <= 0.36 * WIDTH * HEIGHT, "" + erased);
    assertNotEquals(crc(in), crc(out));
  }

  private static int index(String torchvisionName) {
    String wanted = torchvisionName.replaceAll("([a-z])([A-Z])", "$1_$2");
    return PolicyOp.valueOf(wanted.toUpperCase(java.util.Locale.ROOT)).ordinal();
  }

  private static PixelImage picture(int channels) {
    byte[] data = new byte[WIDTH * HEIGHT * channels];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int at = (y * WIDTH + x) * channels;
        data[at] = (byte) (x * 7 + y * 3);
        if (channels == 3) {
          data[at + 1] = (byte) (x * y + 40);
          data[at + 2] = (byte) (200 - 5 * x + 2 * y);
        }
      }
    }
    return new PixelImage(WIDTH, HEIGHT, channels, data);
  }

  private static String crc(PixelImage image) {
    CRC32 crc = new CRC32();
    crc.update(image.data());
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = RandomPolicyTest.class.getResourceAsStream("policies.csv")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.startsWith("#")).toList();
    }
  }
}
