package engine.backend.sim.exec;

/**
 * Where the windows of shared and local memory lie among generic addresses. Global addresses are
 * generic ones as they are and lie far above.
 */
final class Spaces {
  static final long SHARED = 0x1_0000_0000L;
  static final long LOCAL = 0x2_0000_0000L;

  /** Both windows are this long. */
  static final long WINDOW = 0x1_0000_0000L;

  private Spaces() {}
}
