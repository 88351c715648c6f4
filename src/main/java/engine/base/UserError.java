package engine.base;

/**
 * Something the user can put right: a missing folder, an option out of range, a damaged file.
 *
 * <p>The message is one sentence that says what is wrong and what to do; the command line prints it
 * after {@code engine: } and shows a stack trace only with {@code --debug}.
 */
public class UserError extends RuntimeException {
  public UserError(String message) {
    super(message);
  }

  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
