package engine.backend.cpu;

/** Memory that cannot be had; the message says how much was wanted and what to do. */
final class OutOfDeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
