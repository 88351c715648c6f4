package engine.backend.sim.dnn;

import engine.backend.sim.driver.CudaError;
import engine.backend.sim.driver.Guard;
import engine.backend.sim.exec.KernelFault;

/** Turns what is thrown into a status, and keeps the reasons until somebody asks for them. */
final class DnnErrors implements Guard {
  private static final int MOST_CHARACTERS = 1 << 16;

  private final Guard driver;
  private final StringBuilder messages = new StringBuilder();

  /**
   * @param driver whose lock it shares, and which a kernel's fault breaks
   */
  DnnErrors(Guard driver) {
    this.driver = driver;
  }

  @Override
  public void lock() {
    driver.lock();
  }

  @Override
  public void unlock() {
    driver.unlock();
  }

  @Override
  public void enter(String function) {}

  @Override
  public int failed(String function, Throwable t) {
    Status status =
        switch (t) {
          case DnnError e -> e.status();
          case KernelFault f -> {
            int unused = driver.failed(function, f);
            yield Status.EXECUTION_FAILED;
          }
          case CudaError e -> Status.EXECUTION_FAILED;
          case ArithmeticException e -> Status.NOT_SUPPORTED_SHAPE; // sizes beyond 32 bits
          case OutOfMemoryError e -> Status.INTERNAL_ERROR_HOST_ALLOCATION_FAILED;
          default -> Status.INTERNAL_ERROR;
        };
    if (messages.length() > MOST_CHARACTERS) {
      messages.setLength(0);
    }
    messages
        .append("CUDNN_STATUS_")
        .append(status)
        .append("; Reason: ")
        .append(reason(status, t))
        .append(" in ")
        .append(function)
        .append('\n');
    return status.code;
  }

  private static String reason(Status status, Throwable t) {
    if (status != Status.INTERNAL_ERROR) {
      return String.valueOf(t.getMessage());
    }
    StackTraceElement[] where = t.getStackTrace();
    return "the software GPU itself failed: %s%s"
        .formatted(t, where.length == 0 ? "" : " at " + where[0]);
  }

  /** The reasons since the last time, which are forgotten. */
  String takeMessages() {
    String all = messages.toString();
    messages.setLength(0);
    return all;
  }
}
