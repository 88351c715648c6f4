package engine.verify.self;

import engine.tensor.DType;

/** One thing to find out about a device. */
interface Check {
  /** Its name in the table. */
  String name();

  /** What it computes in, which a device may refuse. */
  default DType type() {
    return DType.F32;
  }

  /**
   * Does it.
   *
   * @return a few words for people
   * @throws Disagreement where the device is wrong
   */
  String run();

  /** What a check found wrong, in a clause. */
  final class Disagreement extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Disagreement(String message) {
      super(message);
    }
  }
}
