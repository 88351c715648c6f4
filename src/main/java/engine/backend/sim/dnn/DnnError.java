package engine.backend.sim.dnn;

/** A call that fails: its status and the reason, for people. */
final class DnnError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status status;

  DnnError(Status status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  static DnnError bad(String reason, Object... values) {
    return new DnnError(Status.BAD_PARAM, reason.formatted(values));
  }

  Status status() {
    return status;
  }
}
