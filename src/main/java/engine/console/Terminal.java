package engine.console;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A stream that people read, and what it can do.
 *
 * @param out where to print
 * @param interactive whether a line can be redrawn in place
 * @param color whether ANSI colours may be used (never with {@code NO_COLOR} set)
 * @param width columns of a line; {@link #UNLIMITED} where the output is not a terminal
 */
public record Terminal(Printer out, boolean interactive, boolean color, int width) {
  public static final int UNLIMITED = Integer.MAX_VALUE;
  private static final int USUAL_WIDTH = 80;

  /** Standard output as it is now. */
  public static Terminal stdout() {
    return detect(System.out, 1, System.getenv());
  }

  /** Standard error as it is now: for progress beside results that are piped on. */
  public static Terminal stderr() {
    return detect(System.err, 2, System.getenv());
  }

  /** Plain lines of any length, no colours. */
  public static Terminal plain(PrintStream out) {
    return new Terminal(new Printer(out), false, false, UNLIMITED);
  }

  public static Terminal detect(PrintStream out, int descriptor, Map<String, String> env) {
    if (!isTerminal(descriptor)) {
      return plain(out);
    }
    String term = env.getOrDefault("TERM", "dumb");
    boolean capable = !term.equals("dumb") && !term.isEmpty();
    boolean color = capable && env.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(new Printer(out), capable, color, width(env));
  }

  /** Whether characters outside ASCII can be printed. */
  public boolean unicode() {
    return out.charset().equals(StandardCharsets.UTF_8);
  }

  public String dim(String text) {
    return styled("2", text);
  }

  public String red(String text) {
    return styled("31", text);
  }

  public String green(String text) {
    return styled("32", text);
  }

  private String styled(String code, String text) {
    return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /**
   * {@code System.console()} says nothing about one stream when another is redirected, so Linux is
   * asked what the descriptor is.
   */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | RuntimeException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  private static int width(Map<String, String> env) {
    int columns = parse(env.getOrDefault("COLUMNS", ""));
    columns = columns > 0 ? columns : parse(sttySize());
    return columns > 0 ? columns : USUAL_WIDTH;
  }

  /** Columns as {@code stty size} prints them ("rows columns"), or nothing. */
  private static String sttySize() {
    try {
      Process p =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!p.waitFor(1, TimeUnit.SECONDS)) {
        p.destroy();
        return "";
      }
      String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return text.substring(text.indexOf(' ') + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  private static int parse(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
