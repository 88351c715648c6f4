package engine.base;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or a polite {@code kill}, as a wish: the work looks at {@link #isRequested} between two
 * steps, saves, and closes this; only then does the process end, with the signal's exit code.
 *
 * <pre>{@code
 * try (StopRequest stop = new StopRequest(Duration.ofMinutes(1), () -> print("saving ..."))) {
 *   while (!stop.isRequested()) { step(); }
 *   save();
 * }
 * }</pre>
 */
public final class StopRequest implements AutoCloseable {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean requested;

  /**
   * Listens from now on.
   *
   * @param patience how long the work may take to end before the process ends without it
   * @param onRequest told at once, on another thread; for a line to the user
   */
  public StopRequest(Duration patience, Runnable onRequest) {
    hook =
        new Thread(
            () -> {
              requested = true;
              onRequest.run();
              try {
                ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop-request");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean isRequested() {
    return requested;
  }

  /** The work has ended: the process may. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, which the hook let through just now.
    }
  }
}
