package engine.cli;

import engine.ffi.Libc;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts the program again where Java cannot name every file.
 *
 * <p>Java takes the encoding of file names and of its own arguments from the locale, once, before
 * any code of ours runs, and has no option to change it. In the locale C, which is what cron, ssh
 * and containers often give, a name that is not in ASCII cannot even be said. So the process
 * replaces itself, with {@code execv}, by the same command line in the locale C.UTF-8: its number,
 * its open files, the signals that it takes and its exit code stay those of one process. The
 * arguments are the bytes that the system keeps, not the text that Java has made of them. It costs
 * the start of a JVM, so the launcher, which knows the locale beforehand, sets it instead.
 */
final class LocaleRestart {
  private static final String LOCALE = "C.UTF-8";
  static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final String PROGRAM = "/proc/self/exe";

  private LocaleRestart() {}

  /** Does not return where there is something to be gained. */
  static void ifNeeded() {
    boolean tried = LOCALE.equals(System.getenv("LC_ALL")); // this system has no such locale
    if (tried || "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"))) {
      return;
    }
    try {
      List<byte[]> line = split(Files.readAllBytes(COMMAND_LINE));
      if (!line.isEmpty() && Libc.setenv("LC_ALL", LOCALE) == 0) {
        Libc.execv(PROGRAM, line);
      }
      throw new IOException("it cannot be started again");
    } catch (IOException | LinkageError e) {
      // Then names that this locale cannot say end in a sentence of their own.
      System.getLogger(LocaleRestart.class.getName())
          .log(Level.DEBUG, "not in {0}: {1}", LOCALE, e.getMessage());
    }
  }

  /** Each argument ends in a byte 0. */
  static List<byte[]> split(byte[] line) {
    List<byte[]> out = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < line.length; i++) {
      if (line[i] == 0) {
        out.add(Arrays.copyOfRange(line, from, i));
        from = i + 1;
      }
    }
    return out;
  }
}
