package engine.backend;

/** Something a device cannot do, with the reason. */
public final class UnsupportedOnDeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnsupportedOnDeviceException(String message) {
    super(message);
  }

  public UnsupportedOnDeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
