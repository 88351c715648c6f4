package engine.ffi;

import java.lang.invoke.MethodHandles;
import java.util.function.IntConsumer;

/**
 * The OpenMP runtime that oneDNN runs on. Java kernels run on its threads too, so that the two
 * never compete for a core: {@link #parallel} is {@code #pragma omp parallel} with a Java body.
 */
public final class OpenMp {
  private static final long BODY = Native.upcall(MethodHandles.lookup(), "body", Gomp.omp_fn);

  /** A function that does nothing to anybody. */
  private static final long NOTHING =
      Native.symbol(DnnlLibrary.GOMP, "omp_get_num_procs").address();

  /** What the threads of the region in progress run; regions are issued by one thread at a time. */
  private static volatile IntConsumer task;

  private static volatile Throwable failure;

  private OpenMp() {}

  /**
   * Runs {@code body} once on each of {@code threads} OpenMP threads with its thread number;
   * returns when all are done. The first exception of a body is thrown here. Not reentrant: one
   * issuing thread at a time.
   */
  public static synchronized void parallel(int threads, IntConsumer body) {
    task = body;
    failure = null;
    Gomp.GOMP_parallel(BODY, 0, threads, 0);
    task = null;
    Throwable f = failure;
    if (f != null) {
      throw Native.unexpected(f);
    }
  }

  /**
   * Makes a team of so many threads with nothing to do: all but the calling one sleep until it ends
   * or begins another region. Any thread may call it, whatever others do.
   */
  public static void emptyRegion(int threads) {
    Gomp.GOMP_parallel(NOTHING, 0, threads, 0);
  }

  /** Called by OpenMP on each thread. An exception that left it would end the process. */
  private static void body(long data) {
    try {
      task.accept(Gomp.omp_get_thread_num());
    } catch (Throwable t) {
      failure = t;
    }
  }
}
