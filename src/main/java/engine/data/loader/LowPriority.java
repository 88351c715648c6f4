package engine.data.loader;

import engine.ffi.Libc;
import java.lang.foreign.Arena;

/**
 * Makes the calling thread give way to the others of the process. On a machine with few cores a
 * worker that decodes would otherwise take turns with one of the threads that train, while the
 * other waits at every barrier.
 */
final class LowPriority {
  private static final int NICEST = 19;

  /** Bytes of glibc's {@code cpu_set_t}. */
  private static final int CPU_SET = 128;

  private LowPriority() {}

  /** Best effort: where the system has no such call, or refuses, the thread stays as it is. */
  static void apply() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      Libc.setpriority(Libc.PRIO_PROCESS, Libc.gettid(), NICEST);
      leaveTheCoreOfTheStarter();
    } catch (LinkageError e) {
      // A C library without these calls: nothing is lost but some speed.
    }
  }

  /**
   * A new thread is bound to what its starter was bound to, which may be a computing thread's own
   * core; the process's first thread has the whole mask.
   */
  private static void leaveTheCoreOfTheStarter() {
    try (Arena arena = Arena.ofConfined()) {
      long mask = arena.allocate(CPU_SET, Long.BYTES).address();
      if (Libc.sched_getaffinity((int) ProcessHandle.current().pid(), CPU_SET, mask) == 0) {
        Libc.sched_setaffinity(0, CPU_SET, mask);
      }
    }
  }
}
