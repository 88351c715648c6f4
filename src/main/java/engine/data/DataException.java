package engine.data;

/**
 * Data that cannot be used as asked; the message is one sentence for the user that says what to do.
 */
public final class DataException extends RuntimeException {
  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
