package engine.backend.cuda.driver;

import engine.base.UserError;

/**
 * A failed call of a CUDA library: names the call, its status, its sizes, and what to do about it.
 */
public final class CudaException extends UserError {
  private static final long serialVersionUID = 1L;

  public CudaException(String message) {
    super(message);
  }
}
