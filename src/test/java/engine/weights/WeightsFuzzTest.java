package engine.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every kind end in a {@link WeightsException} or in values, never in another
 * exception, a hang, or memory beyond ten times the file. The seeds are the files in the resources;
 * {@code -Dfuzz.seconds=600} runs for ten minutes, {@code -Dfuzz.seed=N} other damage.
 */
final class WeightsFuzzTest {
  private static final Path SEEDS = Path.of("src/test/resources/engine/weights");

  /** What a reader may take whatever the size of the file. */
  private static final long BASE_BYTES = 1 << 20;

  @TempDir Path folder;

  @Test
  @Timeout(900)
  void noDamageEndsInAnythingButASentence() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> s = Files.list(SEEDS)) {
      for (Path p :
          s.filter(f -> f.toString().matches(".*\\.(pth|safetensors)")).sorted().toList()) {
        seeds.add(Files.readAllBytes(p));
      }
    }
    for (byte[] whole : seeds) { // loads the classes, whose memory is not the file's
      Files.write(folder.resolve("fuzzed"), whole);
      try {
        WeightsFile.read(folder.resolve("fuzzed"));
      } catch (WeightsException e) {
        // some of the seeds are hostile
      }
    }
    long end = System.nanoTime() + Long.getLong("fuzz.seconds", 5) * 1_000_000_000L;
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    long tried = 0;
    while (System.nanoTime() < end) {
      byte[] bytes = damaged(seeds, random);
      read(bytes, "seed %d, file %d".formatted(seed, tried++));
    }
    assertTrue(tried > 0);
  }

  private void read(byte[] bytes, String which) throws IOException {
    Path file = Files.write(folder.resolve("fuzzed"), bytes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      WeightsFile.read(file);
    } catch (WeightsException e) {
      // as it should
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      Path kept = Files.write(Path.of("target", "fuzz-failure.bin"), bytes);
      throw new AssertionError(which + ", kept as " + kept, e);
    }
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    if (taken > BASE_BYTES + 10L * bytes.length) {
      Path kept = Files.write(Path.of("target", "fuzz-failure.bin"), bytes);
      throw new AssertionError(
          which + ", kept as " + kept + ": " + taken + " bytes for a file of " + bytes.length);
    }
  }

  /** A seed with bytes changed, parts cut, doubled, or taken from another seed. */
  private static byte[] damaged(List<byte[]> seeds, SplittableRandom random) {
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    for (int i = random.nextInt(1, 6); i > 0 && bytes.length > 1; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 3 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 4 -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int n = random.nextInt(Math.min(64, Math.min(other.length, bytes.length - at)) + 1);
          int from = random.nextInt(other.length - n + 1);
          System.arraycopy(other, from, bytes, at, n);
        }
        default -> {
          int n = random.nextInt(Math.min(4096, bytes.length - at) + 1);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + n);
          System.arraycopy(bytes, at, longer, at + n, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }
}
