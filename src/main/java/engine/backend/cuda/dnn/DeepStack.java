package engine.backend.cuda.dnn;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A thread with a deep stack for each piece of work. cuDNN compiles kernels in the process that
 * asks for them, and its compiler goes deeper than the 1 MiB that Java gives a thread; what is
 * beyond the stack's end ends the process.
 */
final class DeepStack {
  /** Reserved, not taken: what is not reached costs nothing. */
  private static final long BYTES = 64L << 20;

  private final Runnable first;

  /**
   * @param first done on the thread before the work
   */
  DeepStack(Runnable first) {
    this.first = first;
  }

  /** Does it, and waits for it; what it throws is thrown here. */
  <T> T call(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable all =
        () -> {
          try {
            first.run();
            result.complete(work.get());
          } catch (Throwable t) {
            result.completeExceptionally(t);
          }
        };
    Thread thread = new Thread(null, all, "cudnn-planning", BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error r -> throw r;
        default -> throw e;
      }
    }
  }
}
