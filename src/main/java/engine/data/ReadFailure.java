package engine.data;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Words for why a file could not be read. */
public final class ReadFailure {
  private ReadFailure() {}

  /**
   * The cause in words: the file system's exceptions have the path, not the reason, as their
   * message.
   */
  public static String of(Throwable e) {
    return switch (e) {
      case NoSuchFileException _ -> "the file is gone";
      case AccessDeniedException _ -> "permission denied";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
