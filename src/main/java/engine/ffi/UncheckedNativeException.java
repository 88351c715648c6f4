package engine.ffi;

/** A native library that cannot be had; the message says why and what to do. */
public final class UncheckedNativeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UncheckedNativeException(String message) {
    super(message);
  }
}
