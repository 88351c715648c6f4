package engine.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the threads of this process, with names that nobody else has. */
final class RunDelaysTest {
  private static final long WORK_NANOS = 200_000_000;

  @BeforeEach
  void linuxCounts() {
    assumeTrue(
        Files.isReadable(Path.of("/proc/thread-self/schedstat")), "this kernel has no schedstat");
  }

  /**
   * What is counted of threads of one name while one of another, or the same, works for {@link
   * #WORK_NANOS}.
   */
  private static RunDelays.Reading whileWorking(String name, String counted) throws Exception {
    CountDownLatch named = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .start(
                () -> {
                  named.countDown();
                  try {
                    seen.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  long end = System.nanoTime() + WORK_NANOS;
                  while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                });
    named.await();
    try (RunDelays delays = new RunDelays(Set.of(counted + "\n"))) {
      delays.next();
      delays.next();
      seen.countDown();
      thread.join(WORK_NANOS / 1_000_000 - 20);
      RunDelays.Reading reading = delays.next();
      thread.join();
      return reading;
    }
  }

  @Test
  void aComputingThreadIsCountedFromTheFirstListingOn() throws Exception {
    RunDelays.Reading reading = whileWorking("computes-here", "computes-here");
    double sum = reading.ran() + reading.waited();
    assertTrue(sum > 0.3 * WORK_NANOS && sum < 1.5 * WORK_NANOS, reading.toString());
  }

  @Test
  void anotherThreadIsNot() throws Exception {
    assertEquals(new RunDelays.Reading(0, 0), whileWorking("loads-here", "computes-there"));
  }

  @Test
  void whatTheCompilersRanIsNoWaiting() {
    assertEquals(new RunDelays.Reading(9, 3), RunDelays.Reading.of(9, 7, 4));
    assertEquals(new RunDelays.Reading(9, 0), RunDelays.Reading.of(9, 7, 8));
  }

  @Test
  void compilersHaveTheNamesThatAreLookedFor() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      assertTrue(tasks.anyMatch(task -> RunDelays.COMPILERS.contains(name(task))));
    }
  }

  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (IOException e) {
      return "ended";
    }
  }
}
