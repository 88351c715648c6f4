package engine.data;

import engine.ffi.Libc;

/**
 * Makes the calling thread give way to the others of the process. On a machine with few cores a
 * worker that decodes would otherwise take turns with one of the threads that train, while the
 * other waits at every barrier.
 */
final class LowPriority {
  private static final int NICEST = 19;

  private LowPriority() {}

  /** Best effort: where the system has no such call, or refuses, the thread stays as it is. */
  static void apply() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      Libc.setpriority(Libc.PRIO_PROCESS, Libc.gettid(), NICEST);
    } catch (LinkageError e) {
      // A C library without these calls: nothing is lost but some speed.
    }
  }
}
