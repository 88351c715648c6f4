package engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StopRequestTest {
  @Test
  void theWorkIsSavedBeforeASignalEndsTheProcess() throws Exception {
    Process p =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Work.class.getName())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = p.inputReader()) {
      assertEquals("working", out.readLine());
      p.toHandle().destroy(); // SIGTERM; Ctrl-C takes the same way
      assertEquals("told", out.readLine());
      assertEquals("saved", out.readLine());
      assertTrue(p.waitFor(20, TimeUnit.SECONDS));
      assertEquals(128 + 15, p.exitValue());
    } finally {
      p.destroyForcibly();
    }
  }

  @Test
  void nothingIsRequestedWithoutASignal() {
    try (StopRequest stop = new StopRequest(Duration.ZERO, () -> {})) {
      assertFalse(stop.isRequested());
    }
  }

  /** A process that works until it is told to stop. */
  static final class Work {
    public static void main(String[] args) throws InterruptedException {
      try (StopRequest stop =
          new StopRequest(Duration.ofSeconds(15), () -> System.out.println("told"))) {
        System.out.println("working");
        while (!stop.isRequested()) {
          Thread.sleep(5);
        }
        Thread.sleep(50);
        System.out.println("saved");
      }
    }
  }
}
