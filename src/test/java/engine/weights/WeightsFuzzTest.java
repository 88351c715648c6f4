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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged files of every kind end in a {@link WeightsException} or in values, never in another
 * exception, a hang, or heap beyond ten times the file. Seeds are the files in the resources and
 * the corpus: one file for each outcome that a long run met. A file with an outcome that is new to
 * a run becomes a seed of it.
 *
 * <p>{@code bench/fuzz/run} runs for ten minutes, keeps what it meets in the corpus and writes a
 * summary. {@code -Dfuzz.seed=N} makes other damage; the file being read is always {@code
 * target/fuzzed}, so that it is there after a failure.
 */
final class WeightsFuzzTest {
  private static final Path RESOURCES = Path.of("src/test/resources/engine");
  private static final Path CORPUS = RESOURCES.resolve("weights/fuzz");
  private static final Path FUZZED = Path.of("target", "fuzzed");

  /** What a reader may take whatever the size of the file. */
  private static final long BASE_BYTES = 1 << 20;

  private static final long FACTOR = 10;
  private static final long SLOW_NANOS = 2_000_000_000L;
  private static final int LARGEST_SEED = 16 << 10;

  private final long seed = Long.getLong("fuzz.seed", 1);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final TreeMap<String, Long> outcomes = new TreeMap<>();
  private final List<byte[]> seeds = new ArrayList<>();
  private long tried;
  private long slowest;
  private long mostBytes;

  @Test
  @Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noDamageEndsInAnythingButASentence() throws IOException {
    readSeeds(RESOURCES.resolve("weights"));
    readSeeds(RESOURCES.resolve("golden/formats"));
    readSeeds(CORPUS);
    for (byte[] whole : List.copyOf(seeds)) {
      read(whole, false); // loads the classes, whose memory is not the file's
      tried = 0;
    }
    int kept = seeds.size();
    Damage damage = new Damage(new SplittableRandom(seed));
    int seconds = Integer.getInteger("fuzz.seconds", 4);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      byte[] bytes = damage.one(seeds);
      if (read(bytes, true) && bytes.length <= LARGEST_SEED) {
        seeds.add(bytes);
      }
    }
    assertTrue(tried > 100, "only " + tried + " files in " + seconds + " s");
    if (Boolean.getBoolean("fuzz.keep")) {
      for (byte[] bytes : seeds.subList(kept, seeds.size())) {
        Files.createDirectories(CORPUS);
        Files.write(CORPUS.resolve("%08x.bin".formatted(Arrays.hashCode(bytes))), bytes);
      }
    }
    summarise(seconds, kept);
  }

  private void readSeeds(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> s = Files.list(folder)) {
      for (Path p :
          s.filter(f -> f.toString().matches(".*\\.(pth|safetensors|bin)")).sorted().toList()) {
        seeds.add(Files.readAllBytes(p));
      }
    }
  }

  /** Reads a file; true if it ended in a way that no file before it did. */
  private boolean read(byte[] bytes, boolean measured) throws IOException {
    Files.write(FUZZED, bytes);
    tried++;
    long before = threads.getCurrentThreadAllocatedBytes();
    long start = threads.getCurrentThreadCpuTime();
    String outcome;
    try {
      outcome = "read as " + WeightsFile.read(FUZZED).format();
    } catch (WeightsException e) {
      outcome = shape(e.getMessage());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(which(), e);
    }
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    long nanos = threads.getCurrentThreadCpuTime() - start;
    if (measured) {
      slowest = Math.max(slowest, nanos);
      mostBytes = Math.max(mostBytes, taken);
      assertTrue(
          taken <= BASE_BYTES + FACTOR * bytes.length,
          () -> which() + ": " + taken + " bytes for a file of " + bytes.length);
      assertTrue(nanos < SLOW_NANOS, () -> which() + " took " + nanos / 1_000_000 + " ms");
    }
    return outcomes.merge(outcome, 1L, Long::sum) == 1 && measured;
  }

  private String which() {
    return "seed %d, file %d, kept as %s".formatted(seed, tried, FUZZED);
  }

  /** A message without what it says about this very file. */
  private static String shape(String message) {
    return message
        .replace(FUZZED.toString(), "FILE")
        .replaceAll("(?s)'.*'|\".*\"|\\[.*\\]", "…")
        .replaceAll("[^\\x20-\\x7e…]+", "…")
        .replaceAll("0x[0-9a-f]+|-?\\d+", "#");
  }

  private void summarise(int seconds, int kept) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(
        "seed %d, %d s, %,d files, %d seeds to begin with, %d more met\n"
            .formatted(seed, seconds, tried, kept, seeds.size() - kept));
    text.append(
        "slowest %.1f ms of CPU, most heap for a file %,d bytes\n\n"
            .formatted(slowest / 1e6, mostBytes));
    text.append("  files  outcome\n");
    outcomes.forEach((o, n) -> text.append("%7d  %s\n".formatted(n, o)));
    Files.writeString(Path.of("target", "fuzz-summary.txt"), text);
  }
}
