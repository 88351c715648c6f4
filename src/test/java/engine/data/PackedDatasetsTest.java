package engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.image.PixelImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedDatasetsTest {
  @TempDir Path folder;

  @BeforeEach
  void writeFourFiles() throws IOException {
    write("train-images-idx3-ubyte", idx(0x803, new int[] {3, 2, 2}, 12));
    write("train-labels-idx1-ubyte", idx(0x801, new int[] {3}, 3));
    write("t10k-images-idx3-ubyte.gz", gzip(idx(0x803, new int[] {2, 2, 2}, 8)));
    write("t10k-labels-idx1-ubyte.gz", gzip(idx(0x801, new int[] {2}, 2)));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  /** Values 0, 1, 2, … after a header. */
  private static byte[] idx(int magic, int[] dims, int values) {
    ByteBuffer out = ByteBuffer.allocate(4 + 4 * dims.length + values).putInt(magic);
    for (int d : dims) {
      out.putInt(d);
    }
    for (int i = 0; i < values; i++) {
      out.put((byte) i);
    }
    return out.array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private void assertRefused(String part, byte[] images) throws IOException {
    write("train-images-idx3-ubyte", images);
    UserError e = assertThrows(UserError.class, () -> FashionMnist.train(folder));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void plainAndGzippedIdxFilesAreRead() throws IOException {
    Dataset train = FashionMnist.train(folder);
    assertEquals(3, train.size());
    assertArrayEquals(new int[] {0, 1, 2}, train.labels());
    PixelImage second = train.load(1);
    assertEquals(1, second.channels());
    assertArrayEquals(new byte[] {4, 5, 6, 7}, second.data());
    assertEquals(2, FashionMnist.test(folder).size());
    assertEquals("Ankle boot", train.classNames().get(9));
  }

  @Test
  void aDamagedIdxHeaderIsNamed() throws IOException {
    assertRefused("starts with 0x00000801, not 0x00000803", idx(0x801, new int[] {3}, 3));
    assertRefused("0x00000d03", idx(0xd03, new int[] {3, 2, 2}, 12));
    assertRefused("ends too early", new byte[] {0, 0, 8});
    assertRefused("ends too early", idx(0x803, new int[] {3, 2, 2}, 11));
    assertRefused("longer than the 12 bytes", idx(0x803, new int[] {3, 2, 2}, 13));
    assertRefused("header", idx(0x803, new int[] {-3, 2, 2}, 12));
    assertRefused("header", idx(0x803, new int[] {3, 0, 2}, 12));
    assertRefused("header", idx(0x803, new int[] {60000, 60000, 60000}, 12));
    assertRefused("holds 2 pictures", idx(0x803, new int[] {2, 2, 2}, 8));
  }

  @Test
  void aTruncatedGzipFileIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(folder.resolve("t10k-images-idx3-ubyte.gz"));
    write("t10k-images-idx3-ubyte.gz", java.util.Arrays.copyOf(whole, whole.length - 12));
    UserError e = assertThrows(UserError.class, () -> FashionMnist.test(folder));
    assertTrue(e.getMessage().contains("ends too early"), e.getMessage());
  }

  @Test
  void aLabelOutOfRangeIsNamed() throws IOException {
    byte[] labels = idx(0x801, new int[] {3}, 3);
    labels[labels.length - 1] = 10;
    write("train-labels-idx1-ubyte", labels);
    UserError e = assertThrows(UserError.class, () -> FashionMnist.train(folder));
    assertTrue(e.getMessage().contains("label 10 of picture 2"), e.getMessage());
  }

  @Test
  void missingFashionMnistSaysWhatToInstall() throws IOException {
    Files.delete(folder.resolve("train-images-idx3-ubyte"));
    UserError e = assertThrows(UserError.class, () -> FashionMnist.train(folder));
    assertTrue(e.getMessage().contains("apt install dataset-fashion-mnist"), e.getMessage());
  }

  private static byte[] cifarRecords(int count) {
    ByteBuffer out = ByteBuffer.allocate(count * 3073);
    for (int n = 0; n < count; n++) {
      out.put((byte) n);
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < 1024; p++) {
          out.put((byte) (100 * c + p % 100));
        }
      }
    }
    return out.array();
  }

  @Test
  void cifarPlanesBecomeInterleavedPixels() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (int i = 1; i <= 5; i++) {
      Files.write(inner.resolve("data_batch_" + i + ".bin"), cifarRecords(2));
    }
    Files.write(inner.resolve("test_batch.bin"), cifarRecords(1));
    Dataset train = Cifar10.train(folder);
    assertEquals(10, train.size());
    assertEquals(1, train.label(9));
    PixelImage image = train.load(3);
    assertEquals(3, image.channels());
    assertArrayEquals(
        new byte[] {0, 100, (byte) 200, 1, 101, (byte) 201},
        java.util.Arrays.copyOf(image.data(), 6));
    assertEquals(1, Cifar10.test(inner).size());
    Files.write(inner.resolve("test_batch.bin"), new byte[3000]);
    UserError e = assertThrows(UserError.class, () -> Cifar10.test(folder));
    assertTrue(e.getMessage().contains("multiple"), e.getMessage());
  }

  @Test
  void cifarsPythonVersionIsRecognised() throws IOException {
    write("data_batch_1", new byte[10]);
    UserError e = assertThrows(UserError.class, () -> Cifar10.train(folder));
    assertTrue(e.getMessage().contains("binary version"), e.getMessage());
  }
}
