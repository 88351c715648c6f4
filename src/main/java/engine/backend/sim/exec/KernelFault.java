package engine.backend.sim.exec;

/** A kernel did what no kernel may do. The message is a report for people, of several lines. */
public final class KernelFault extends RuntimeException {
  /** {@code CUresult} values (cuda.h) that a real device would answer with. */
  public static final int ILLEGAL_ADDRESS = 700;

  public static final int LAUNCH_TIMEOUT = 702;
  public static final int MISALIGNED_ADDRESS = 716;
  public static final int LAUNCH_FAILED = 719;

  private final int code;

  public KernelFault(int code, String report) {
    super(report, null, false, false);
    this.code = code;
  }

  /** The CUDA error code. */
  public int code() {
    return code;
  }
}
