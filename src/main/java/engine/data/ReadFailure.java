package engine.data;

import engine.base.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
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
      case FileSystemLoopException _ -> "its links lead round in a circle";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case CharacterCodingException _ -> "it is no text in UTF-8";
      case EOFException _ -> "it ends too early";
      case IOException _ when e.getMessage() != null -> e.getMessage();
      case IllegalArgumentException _ when e.getMessage() != null -> e.getMessage();
      case UserError _ -> e.getMessage();
      default -> "something went wrong inside the engine (" + e + ")";
    };
  }
}
