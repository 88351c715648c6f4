package engine.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (and SIGTERM) as a request: the work is asked to save and end, and the process waits for it. A second Ctrl-C
 * is the system's to obey.
 */
final class Interrupt {
  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);

  private Interrupt() {}

  /** @param request called once, on another thread, when the process is told to end */
  static Interrupt install(Runnable request) {
    Interrupt i = new Interrupt();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> i.wait(request), "interrupt"));
    return i;
  }

  private void wait(Runnable request) {
    if (finished.getCount() == 0) {
      return;
    }
    request.run();
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work has ended and saved what it had. */
  void done() {
    finished.countDown();
  }
}
