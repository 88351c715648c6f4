package engine.backend.sim.blas;

import engine.backend.sim.blas.BlasError.Status;
import engine.backend.sim.driver.CudaError;
import engine.backend.sim.driver.Guard;
import engine.backend.sim.exec.KernelFault;
import java.util.HashMap;
import java.util.Map;

/** Turns what is thrown into a status, and keeps the last reason of each. */
final class BlasErrors implements Guard {
  private final Guard driver;
  private final Map<Integer, String> reports = new HashMap<>();

  /**
   * @param driver whose lock it shares, and which a kernel's fault breaks
   */
  BlasErrors(Guard driver) {
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
          case BlasError e -> e.status();
          case KernelFault f -> {
            int unused = driver.failed(function, f);
            yield Status.EXECUTION_FAILED;
          }
          case CudaError e -> Status.EXECUTION_FAILED;
          case ArithmeticException e -> Status.NOT_SUPPORTED; // sizes beyond 32 bits
          case OutOfMemoryError e -> Status.ALLOC_FAILED;
          default -> Status.INTERNAL_ERROR;
        };
    String reason =
        status == Status.INTERNAL_ERROR
            ? "the software GPU itself failed: " + t
            : String.valueOf(t.getMessage());
    reports.put(status.code, "CUBLAS_STATUS_%s in %s: %s".formatted(status, function, reason));
    return status.code;
  }

  /** The reason of the last failure with this status, or the status's name. */
  String text(int status) {
    return reports.getOrDefault(status, name(status));
  }

  static String name(int status) {
    for (Status s : Status.values()) {
      if (s.code == status) {
        return "CUBLAS_STATUS_" + s;
      }
    }
    return status == 0 ? "CUBLAS_STATUS_SUCCESS" : "CUBLAS_STATUS_UNKNOWN";
  }
}
