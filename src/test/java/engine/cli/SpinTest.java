package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When OpenMP's threads spin long and when not, by the threads that the engine has for it. */
final class SpinTest {
  private static final String GOVERNOR = "spin-governor";
  private static final String KEEPER = "spin-keeper";

  @TempDir Path temp;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void theSpinIsShortAsLongAsNeighboursAreBusy() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    assumeTrue(processors > 1, "one processor: no thread waits for another");
    assumeTrue(Files.exists(Path.of("/proc/self/schedstat")), "this system counts no delays");
    Process engine = engine("");
    assertTrue(within(60, () -> names(engine).contains(GOVERNOR)), "it looks");
    List<Process> neighbours = new ArrayList<>();
    for (int i = 0; i < processors; i++) {
      neighbours.add(start(List.of("sh", "-c", "while :; do :; done")));
    }
    assertTrue(within(20, () -> names(engine).contains(KEEPER)), "short beside neighbours");
    neighbours.forEach(Process::destroyForcibly);
    boolean longAgain = within(20, () -> !names(engine).contains(KEEPER));
    assertTrue(names(engine).contains(GOVERNOR), "it still looks");
    assumeTrue(longAgain || !isBusyWithOthers(), "other programs keep this machine busy");
    assertTrue(longAgain, "long again without them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GOMP_SPINCOUNT=77", "OMP_WAIT_POLICY=active"})
  void aUsersChoiceIsLeftAlone(String choice) throws Exception {
    Process engine = engine(choice);
    // Its workers are there: then the governor would be.
    assertTrue(within(60, () -> names(engine).stream().filter("java"::equals).count() > 2));
    assertEquals(0, names(engine).stream().filter(GOVERNOR::equals).count());
  }

  /** A small training that goes on until the test ends. */
  private Process engine(String environment) throws IOException {
    String line =
        "unset GOMP_SPINCOUNT OMP_WAIT_POLICY; exec env "
            + environment
            + " \"$0\" \"$@\" >"
            + temp.resolve("log")
            + " 2>&1";
    List<String> command = new ArrayList<>(List.of("sh", "-c", line));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx200m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("bench", "train", "--model", "resnet18", "--width", "0.25"));
    command.addAll(List.of("--image-size", "64", "--batch", "16", "--seconds", "90"));
    command.addAll(List.of("--device", "cpu"));
    return start(command);
  }

  private Process start(List<String> command) throws IOException {
    Process p = new ProcessBuilder(command).start();
    processes.add(p);
    return p;
  }

  /** The names of a process's threads. */
  private List<String> names(Process p) throws IOException {
    assertTrue(p.isAlive(), () -> "the engine ended; " + temp.resolve("log"));
    List<String> names = new ArrayList<>();
    Path tasks = Path.of("/proc", Long.toString(p.pid()), "task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path t : threads) {
        try {
          names.add(Files.readString(t.resolve("comm")).strip());
        } catch (NoSuchFileException e) {
          // It has just ended.
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private static boolean within(int seconds, Callable<Boolean> fact) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      if (fact.call()) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  /** Whether more runs now than the engine's own threads and this one. */
  private static boolean isBusyWithOthers() throws IOException {
    String running = Files.readString(Path.of("/proc/loadavg")).split(" ")[3].split("/")[0];
    return Integer.parseInt(running) > Runtime.getRuntime().availableProcessors() + 1;
  }
}
