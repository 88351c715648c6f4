package engine.backend.cuda.dnn;

import engine.base.UserError;

/** A call that cuDNN refused: names the call, the status and cuDNN's own reason. */
public final class CudnnException extends UserError {
  private static final long serialVersionUID = 1L;

  /** The first of the statuses that tell of the library, not of the caller. */
  private static final int NOT_SUPPORTED = 3000;

  private final int status;

  CudnnException(String message) {
    this(message, 0);
  }

  /**
   * @param status {@code cudnnStatus_t} of the call
   */
  CudnnException(String message, int status) {
    super(message);
    this.status = status;
  }

  /**
   * Whether what was asked for is in order and this engine could not do it: not supported after
   * all, an error of its own, or a failed execution. Another engine may.
   */
  public boolean isOfEngine() {
    return status >= NOT_SUPPORTED;
  }
}
