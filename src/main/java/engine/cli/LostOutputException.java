package engine.cli;

import java.io.IOException;

/** Standard output took no more. */
final class LostOutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean closedPipe;

  /**
   * @param closedPipe whether whoever read it went away, which is no failure
   */
  LostOutputException(IOException cause, boolean closedPipe) {
    super(
        "what is printed cannot be written (%s), so not all of it is there: send standard output elsewhere, or free some space, and run the command again"
            .formatted(cause.getMessage()),
        cause);
    this.closedPipe = closedPipe;
  }

  private LostOutputException(String message, LostOutputException cause) {
    super(message, cause);
    this.closedPipe = cause.closedPipe;
  }

  /** The same of work that is not lost with what it prints. */
  LostOutputException saying(String whatIsSaved) {
    return new LostOutputException(
        "what is printed cannot be written (%s); %s"
            .formatted(getCause().getMessage(), whatIsSaved),
        this);
  }

  boolean isClosedPipe() {
    return closedPipe;
  }

  /** The one that led to {@code e}, or null. */
  static LostOutputException in(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof LostOutputException lost) {
        return lost;
      }
    }
    return null;
  }
}
