package engine.backend.sim.blas;

/** A call that fails: its {@code cublasStatus_t} and the reason, for people. */
final class BlasError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** {@code cublasStatus_t} (cublas_api.h). */
  enum Status {
    NOT_INITIALIZED(1),
    ALLOC_FAILED(3),
    INVALID_VALUE(7),
    EXECUTION_FAILED(13),
    INTERNAL_ERROR(14),
    NOT_SUPPORTED(15);

    final int code;

    Status(int code) {
      this.code = code;
    }
  }

  private final Status status;

  private BlasError(Status status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  static BlasError invalid(String reason, Object... values) {
    return new BlasError(Status.INVALID_VALUE, reason.formatted(values));
  }

  static BlasError unsupported(String reason, Object... values) {
    return new BlasError(Status.NOT_SUPPORTED, reason.formatted(values));
  }

  Status status() {
    return status;
  }
}
