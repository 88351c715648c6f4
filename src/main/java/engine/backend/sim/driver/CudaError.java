package engine.backend.sim.driver;

/** A driver call that fails: its {@code CUresult} and the reason, for people. */
public final class CudaError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  CudaError(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /** The {@code CUresult}. */
  public int code() {
    return code;
  }
}
