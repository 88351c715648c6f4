package engine.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is ended by a signal leaves a clean line to the shell. */
final class ProgressBarAtExitTest {
  /** Draws a bar as on a terminal, and works on until it is ended. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws InterruptedException {
      Terminal terminal = new Terminal(new Printer(System.out), true, false, 80);
      ProgressBar bar = new ProgressBar(terminal, "working", 1000, "img");
      for (int i = 0; i < 600; i++) {
        bar.update(i, i);
        Thread.sleep(100);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void theBarIsTakenAway(String signal) throws IOException, InterruptedException {
    Process p =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName())
            .start();
    try {
      InputStream out = p.getInputStream();
      StringBuilder seen = new StringBuilder();
      while (!seen.toString().contains("working")) {
        int c = out.read();
        assertTrue(c >= 0, "no bar: " + seen);
        seen.append((char) c);
      }
      new ProcessBuilder("kill", "-" + signal, Long.toString(p.pid())).start().waitFor();
      String all = seen + new String(out.readAllBytes(), StandardCharsets.UTF_8);
      p.waitFor();
      assertEquals("\r\u001b[K", all.substring(all.length() - 4), all);
    } finally {
      p.destroyForcibly();
    }
  }
}
