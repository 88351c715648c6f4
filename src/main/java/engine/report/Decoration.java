package engine.report;

import engine.base.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Guards what only decorates the result of a command: pages, pictures, TensorBoard's events. If it
 * fails, it is left out, one sentence says so, and the command goes on to its end as if it had
 * never been asked for.
 *
 * <p>Everything is caught, not exceptions alone: a machine without a font, without fontconfig or
 * with a Java without a desktop answers with {@code java.lang.Error}, {@code InternalError}, {@code
 * AWTError}, {@code UnsatisfiedLinkError} or {@code NoClassDefFoundError}, whichever the release
 * chose.
 */
public final class Decoration {
  private final Consumer<String> say;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** Work that may fail in any way. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /**
   * @param say told, once a thing, what is left out and why
   */
  public Decoration(Consumer<String> say) {
    this.say = say;
  }

  /**
   * Does {@code work}.
   *
   * @param what it makes, as the subject of a sentence: {@code the picture report.png}
   * @return whether it is done
   */
  public boolean attempt(String what, Work work) {
    return get(
        what,
        false,
        () -> {
          work.run();
          return true;
        });
  }

  /** What {@code work} gives, or {@code otherwise} where it fails. */
  public <T> T get(String what, T otherwise, Callable<T> work) {
    try {
      return work.call();
    } catch (Throwable e) {
      if (said.add(what)) {
        say.accept("warning: %s is left out: %s".formatted(what, reason(e)));
      }
      return otherwise;
    }
  }

  private static String reason(Throwable e) {
    String message = String.valueOf(e.getMessage());
    if (isAboutFonts(e)) {
      return "Java finds no font to write with; install one, such as the package fonts-dejavu-core with fontconfig";
    }
    return switch (e) {
      case UserError _ -> message;
      case UncheckedIOException u -> reason(u.getCause());
      case NoSuchFileException f -> "there is no file " + f.getFile();
      case AccessDeniedException f -> "no permission to use " + f.getFile();
      case FileSystemException f when f.getReason() != null -> f.getFile() + ": " + f.getReason();
      case IOException _ -> message;
      case OutOfMemoryError _ -> "not enough memory";
      case LinkageError _ -> "this Java cannot draw (" + message + ")";
      default ->
          "something went wrong inside the engine (%s: %s)"
              .formatted(e.getClass().getSimpleName(), message);
    };
  }

  private static boolean isAboutFonts(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      boolean ofFile = t instanceof IOException || t instanceof UserError;
      if (!ofFile && (message.contains("font") || message.contains("freetype"))) {
        return true;
      }
    }
    return false;
  }
}
