package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged pictures of every format end in a picture or an {@link ImageDecodeException}: in no other
 * exception, no hang, and no more heap than the largest picture takes that a header may promise
 * without being refused. {@code bench/fuzz/pictures} runs for minutes; the file being decoded is
 * always {@code target/fuzzed-picture}, so that it is there after the process has died.
 */
class ImageDecoderFuzzTest {
  private static final Path FUZZED = Path.of("target", "fuzzed-picture");
  private static final int FILES = 2000;
  private static final long SLOW_NANOS = 20_000_000_000L;

  /** A plane of four samples and the RGB of it, for the most pixels that are let through. */
  private static final long MOST_BYTES = 8 * PixelLimit.MAX_PIXELS;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final boolean kept = Integer.getInteger("fuzz.seconds", 0) > 0;
  private long slowest;
  private long mostBytes;
  private long refused;

  @Test
  @Timeout(value = 1800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFilesEndInAPictureOrAnImageDecodeException() throws IOException {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    System.out.println("ImageDecoderFuzzTest seed " + seed);
    Random random = new Random(seed);
    List<byte[]> files = new ArrayList<>();
    ReferencePictures.all().stream().filter(p -> !p.error()).forEach(p -> files.add(p.bytes()));
    for (String table : List.of("tiff.tsv.gz", "orientation.tsv.gz")) {
      for (String line : ReferencePictures.unpack(table).split("\n")) {
        files.add(HexFormat.of().parseHex(line.substring(line.lastIndexOf('\t') + 1)));
      }
    }
    long end = System.nanoTime() + Integer.getInteger("fuzz.seconds", 0) * 1_000_000_000L;
    long tried = 0;
    for (; kept ? System.nanoTime() < end : tried < FILES; tried++) {
      byte[] damaged = damage(files.get(random.nextInt(files.size())).clone(), random);
      if (kept) {
        Files.write(FUZZED, damaged);
      }
      decode(damaged, seed, tried);
    }
    System.out.printf(
        "%,d files, %,d refused; slowest %d ms, most heap %d MiB%n",
        tried, refused, slowest / 1_000_000, mostBytes >> 20);
  }

  private void decode(byte[] damaged, long seed, long number) {
    long start = System.nanoTime();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      assertEquals(3, ImageDecoder.decode(damaged, "a", true).channels());
    } catch (ImageDecodeException e) {
      refused++;
      assertTrue(e.getMessage().startsWith("a: ") && !e.getMessage().contains("\n"));
      assertTrue(!e.getMessage().contains("Exception"), "seed " + seed + ": " + e.getMessage());
    } catch (Throwable t) {
      throw new AssertionError("file " + number + " of seed " + seed, t);
    }
    slowest = Math.max(slowest, System.nanoTime() - start);
    mostBytes = Math.max(mostBytes, threads.getCurrentThreadAllocatedBytes() - before);
    assertTrue(slowest < SLOW_NANOS, "file " + number + " of seed " + seed + " takes too long");
    assertTrue(mostBytes < MOST_BYTES, "file " + number + " of seed " + seed + " takes much heap");
  }

  private static byte[] damage(byte[] file, Random random) {
    byte[] b = file;
    for (int times = 1 + random.nextInt(3); times > 0 && b.length > 0; times--) {
      b = damageOnce(b, random);
    }
    return b;
  }

  private static byte[] damageOnce(byte[] b, Random random) {
    int at = random.nextInt(b.length);
    switch (random.nextInt(6)) {
      case 0 -> {
        return Arrays.copyOf(b, at);
      }
      case 1 -> b[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        for (int i = 0; i < 4; i++) {
          b[random.nextInt(Math.min(b.length, 250))] = (byte) random.nextInt();
        }
      }
      case 3 -> b[at] = (byte) (random.nextBoolean() ? 0 : 255);
      case 4 -> {
        int n = Math.min(1 << random.nextInt(3), b.length - at);
        Arrays.fill(b, at, at + n, (byte) (random.nextBoolean() ? 255 : random.nextInt(9)));
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
