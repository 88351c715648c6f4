package engine.backend;

import engine.base.UserError;

/** Memory that a device does not have; the message names the sizes and says what to do. */
public final class OutOfDeviceMemoryException extends UserError {
  private static final long serialVersionUID = 1L;

  private final long usableBytes;

  /**
   * @param usableBytes what this process can have of the device in all, what it holds included
   */
  public OutOfDeviceMemoryException(String message, long usableBytes) {
    super(message);
    this.usableBytes = usableBytes;
  }

  /** What this process can have of the device in all, in bytes. */
  public long usableBytes() {
    return usableBytes;
  }
}
