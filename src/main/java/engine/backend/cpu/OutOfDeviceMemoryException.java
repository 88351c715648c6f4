package engine.backend.cpu;

import engine.base.UserError;

/** Memory that cannot be had; the message says how much was wanted and what to do. */
final class OutOfDeviceMemoryException extends UserError {
  private static final long serialVersionUID = 1L;

  OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
