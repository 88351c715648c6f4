package engine.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.data.Dataset;
import engine.data.ImageFolder;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureCacheTest {
  @TempDir Path temp;
  private final AtomicInteger decoded = new AtomicInteger();
  private final List<String> warnings = new ArrayList<>();
  private Dataset folder;

  /** Counts what is decoded. */
  private final class Counting implements Dataset {
    @Override
    public int size() {
      return folder.size();
    }

    @Override
    public int label(int i) {
      return folder.label(i);
    }

    @Override
    public PixelImage load(int i) throws IOException {
      decoded.incrementAndGet();
      return folder.load(i);
    }

    @Override
    public List<String> classNames() {
      return folder.classNames();
    }

    @Override
    public String name(int i) {
      return folder.name(i);
    }
  }

  @BeforeEach
  void draw() throws IOException {
    folder = ImageFolder.open(TestPictures.folder(temp.resolve("in"), 4, 40, "a", "b"), true);
  }

  private PictureCache cache(String name, int bound) {
    return new PictureCache(new Counting(), temp.resolve(name), bound, warnings::add);
  }

  private static void assertSame(PixelImage want, PixelImage got) {
    assertEquals(want.width(), got.width());
    assertEquals(want.height(), got.height());
    assertEquals(want.channels(), got.channels());
    assertArrayEquals(want.data(), got.data());
  }

  private void assertHolds(PictureCache cache) throws IOException {
    for (int i = 0; i < folder.size(); i++) {
      assertSame(folder.load(i), cache.load(i));
    }
  }

  @Test
  void picturesAreDecodedOnceAndKeptAsTheyAre() throws IOException {
    PictureCache cache = cache("cache", 64);
    assertHolds(cache);
    assertHolds(cache);
    assertEquals(folder.size(), decoded.get());
    assertEquals(List.of(), warnings);
  }

  @Test
  void largePicturesAreMadeSmaller() throws IOException {
    PixelImage first = cache("cache", 16).load(0);
    PixelImage whole = folder.load(0);
    assertEquals(16, Math.min(first.width(), first.height()));
    double ratio = (double) whole.width() / whole.height();
    assertEquals(ratio, (double) first.width() / first.height(), 0.1);
  }

  @Test
  void aPictureThatChangedIsDecodedAgain() throws IOException {
    PictureCache cache = cache("cache", 64);
    assertHolds(cache);
    Files.setLastModifiedTime(Path.of(folder.name(3)), FileTime.fromMillis(12_345_000));
    assertHolds(cache);
    assertEquals(folder.size() + 1, decoded.get());
  }

  @Test
  void anotherPictureOfTheSameSizeAndTimeIsDecodedAndTakesTheOldOnesPlace() throws IOException {
    PictureCache cache = cache("cache", 64);
    assertHolds(cache);
    ByteBuffer before = places();
    Path a = Path.of(folder.name(1));
    Path b = Path.of(folder.name(2));
    int longer = (int) Math.max(Files.size(a), Files.size(b));
    byte[] first = Arrays.copyOf(Files.readAllBytes(a), longer); // JPEG takes what follows its end
    byte[] second = Arrays.copyOf(Files.readAllBytes(b), longer);
    FileTime time = FileTime.fromMillis(12_345_000);
    for (byte[][] swap : new byte[][][] {{first, second}, {second, first}}) {
      Files.write(a, swap[0]);
      Files.write(b, swap[1]);
      Files.setLastModifiedTime(a, time);
      Files.setLastModifiedTime(b, time);
      assertHolds(cache);
    }
    assertEquals(before, places());
  }

  @Test
  void aCacheFileThatIsCutShortMeanwhileIsGivenUpWithAWarning() throws IOException {
    PictureCache cache = cache("cache", 64);
    assertHolds(cache);
    assertHolds(cache);
    try (FileChannel c = FileChannel.open(onlyFile(), StandardOpenOption.WRITE)) {
      c.truncate(folder.size() * 64L); // the table stays
    }
    assertHolds(cache);
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("cut short"), warnings.getFirst());
  }

  /** Where in the file each picture's pixels are. */
  private ByteBuffer places() throws IOException {
    ByteBuffer out = ByteBuffer.allocate(folder.size() * Long.BYTES);
    try (FileChannel c = FileChannel.open(onlyFile())) {
      for (int i = 0; i < folder.size(); i++) {
        c.read(out.limit((i + 1) * Long.BYTES), i * 40L);
      }
    }
    return out.flip();
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(temp.resolve("cache"))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void aLinkInThePlaceOfTheCacheFileIsNotFollowed() throws IOException {
    assertHolds(cache("cache", 64));
    Path name = temp.resolve("other").resolve(onlyFile().getFileName());
    Path victim = Files.writeString(temp.resolve("victim"), "precious");
    Files.createDirectories(name.getParent());
    Files.createSymbolicLink(name, victim);
    assertHolds(cache("other", 64));
    assertEquals("precious", Files.readString(victim));
    assertTrue(warnings.getFirst().contains("delete it"), warnings.toString());
  }

  @Test
  void damagedPixelsAreDecodedAgain() throws IOException {
    PictureCache cache = cache("cache", 64);
    assertHolds(cache);
    Path file = onlyFile();
    try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
      c.write(ByteBuffer.wrap(new byte[500]), folder.size() * 40L + 100);
    }
    assertHolds(cache);
    assertEquals(folder.size() + 1, decoded.get());
  }

  @Test
  void aFileThatAnotherRunHasOrThatCannotBeMadeIsDoneWithout() throws IOException {
    assertHolds(cache("cache", 64));
    PictureCache second = cache("cache", 64);
    assertTrue(warnings.getFirst().contains("another run"), warnings.toString());
    assertHolds(second);
    Files.writeString(temp.resolve("file"), "not a folder");
    assertHolds(cache("file", 64));
    assertEquals(2, warnings.size());
  }
}
