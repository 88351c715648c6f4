package engine.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.ffi.Dnnl;
import engine.ffi.Gomp;
import engine.ffi.OpenMp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How long OpenMP's threads really spin, by the processor time of one that waits. */
final class SpinSwitchTest {
  private static final Path STATISTICS = Path.of("/proc/thread-self/schedstat");

  @BeforeAll
  static void libraries() {
    assumeFalse(
        SpinGovernor.isChosen(System.getenv()),
        "GOMP_SPINCOUNT or OMP_WAIT_POLICY is set, and OpenMP never spins otherwise");
    assumeTrue(Files.exists(STATISTICS), "this system does not count a thread's time");
    Dnnl.dnnl_version();
  }

  @Test
  void theSpinIsShortWhileTheSwitchIsOnAndLongAgainAfterwards() throws Exception {
    assumeTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(t -> t.getName().equals("spin-governor")),
        "a CPU device that is open in this process turns its own switch meanwhile");
    int processors = Gomp.omp_get_num_procs();
    SpinSwitch spin = new SpinSwitch(processors);
    assumeTrue(spin.works(processors, processors), "one processor, or very many");
    assertTrue(eventually(() -> spun(processors) > 1_000_000), "long to begin with");
    long full = LongStream.generate(() -> spun(processors)).limit(5).max().getAsLong();
    List<Thread> others = keepers(); // of the device that other tests have open
    spin.makeShort(true);
    spin.makeShort(true);
    assertTrue(spin.isShort());
    assertTrue(eventually(() -> spun(processors) < full / 3), "short");
    List<Thread> own = new ArrayList<>(keepers());
    own.removeAll(others);
    assertFalse(own.isEmpty());
    spin.makeShort(false);
    assertTrue(eventually(() -> spun(processors) > full / 2), "long again");
    assertTrue(eventually(() -> own.stream().noneMatch(Thread::isAlive)), "its threads ended");
  }

  @Test
  void itWorksWhereItsTeamAndTheWorkersAreMoreThanTheProcessors() {
    assertFalse(new SpinSwitch(2).works(1, 2), "one thread waits for nobody");
    assertTrue(new SpinSwitch(2).works(2, 2));
    assertTrue(new SpinSwitch(64).works(2, 64));
    assertTrue(new SpinSwitch(128).works(64, 128));
    assertFalse(new SpinSwitch(256).works(8, 256), "no team that large");
    assertTrue(new SpinSwitch(256).works(256, 256));
  }

  @Test
  void theUsersChoiceIsRespected() {
    assertTrue(SpinGovernor.isChosen(Map.of("GOMP_SPINCOUNT", "1000")));
    assertTrue(SpinGovernor.isChosen(Map.of("OMP_WAIT_POLICY", "active")));
    assertFalse(SpinGovernor.isChosen(Map.of("OMP_NUM_THREADS", "2")));
    assertFalse(SpinGovernor.isChosen(Map.of("OMP_WAIT_POLICY", " ")));
  }

  /** Nanoseconds that the last thread of a team ran while it had nothing to do but to wait. */
  private static long spun(int threads) {
    long[] before = new long[1];
    long[] after = new long[1];
    waiting(threads, before);
    waiting(threads, after);
    return after[0] - before[0];
  }

  /** A region in which the last thread is done at once, and the first only after a while. */
  private static void waiting(int threads, long[] ran) {
    OpenMp.parallel(
        threads,
        t -> {
          if (t == threads - 1) {
            ran[0] = ranSoFar();
          } else if (t == 0) {
            sleep(30);
          }
        });
  }

  private static long ranSoFar() {
    try {
      return Long.parseLong(Files.readString(STATISTICS).split(" ")[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Thread> keepers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("spin-keeper"))
        .toList();
  }

  /** On a machine with neighbours a single look may mislead. */
  private static boolean eventually(BooleanSupplier fact) {
    for (int i = 0; i < 50; i++) {
      if (fact.getAsBoolean()) {
        return true;
      }
      sleep(20);
    }
    return false;
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
