package engine.verify.self;

/**
 * A line of a self-check.
 *
 * @param name such as {@code kernels/batch norm fp16}
 * @param detail how far it was from failing, why it failed, or why the device cannot
 */
public record Finding(String name, Verdict verdict, String detail, double seconds) {
  /** How a check ended. */
  public enum Verdict {
    PASSED,
    FAILED,
    /** The device says that it has not what the check is about. */
    ABSENT
  }
}
