package engine.backend.cuda.dnn;

import engine.base.UserError;

/** A call that cuDNN refused: names the call, the status and cuDNN's own reason. */
public final class CudnnException extends UserError {
  private static final long serialVersionUID = 1L;

  CudnnException(String message) {
    super(message);
  }
}
