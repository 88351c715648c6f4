package engine.run;

import engine.base.UserError;

/** A network whose answers, or whose own numbers, are not finite; the message names the layer. */
public final class NotFiniteException extends UserError {
  private static final long serialVersionUID = 1L;

  public NotFiniteException(String message) {
    super(message);
  }
}
