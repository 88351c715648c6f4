package engine.ffi;

import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.function.IntConsumer;

/**
 * The OpenMP runtime that oneDNN runs on. Java kernels run on its threads too, so that the two
 * never compete for a core: {@link #parallel} is {@code #pragma omp parallel} with a Java body.
 */
public final class Gomp {
  private static final SymbolLookup LIB = DnnlLibrary.GOMP;
  private static final MethodHandle GOMP_parallel$mh = Native.handle(LIB, "GOMP_parallel", "vllii");
  private static final MethodHandle omp_get_thread_num$mh =
      Native.handle(LIB, "omp_get_thread_num", "i");
  private static final MethodHandle omp_get_max_threads$mh =
      Native.handle(LIB, "omp_get_max_threads", "i");
  private static final MethodHandle omp_set_num_threads$mh =
      Native.handle(LIB, "omp_set_num_threads", "vi");

  private static final long BODY = Native.upcall(MethodHandles.lookup(), "body", "vl");

  /** What the threads of the region in progress run; regions are issued by one thread at a time. */
  private static volatile IntConsumer task;

  private static volatile Throwable failure;

  private Gomp() {}

  public static int omp_get_max_threads() {
    try {
      return (int) omp_get_max_threads$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Binds the calling thread only. */
  public static void omp_set_num_threads(int n) {
    try {
      omp_set_num_threads$mh.invokeExact(n);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Runs {@code body} once on each of {@code threads} OpenMP threads with its thread number;
   * returns when all are done. The first exception of a body is thrown here. Not reentrant: one
   * issuing thread at a time.
   */
  public static synchronized void parallel(int threads, IntConsumer body) {
    task = body;
    failure = null;
    try {
      GOMP_parallel$mh.invokeExact(BODY, 0L, threads, 0);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
    task = null;
    Throwable f = failure;
    if (f != null) {
      throw Native.unexpected(f);
    }
  }

  /** Called by OpenMP on each thread. An exception that left it would end the process. */
  private static void body(long data) {
    try {
      task.accept((int) omp_get_thread_num$mh.invokeExact());
    } catch (Throwable t) {
      failure = t;
    }
  }
}
