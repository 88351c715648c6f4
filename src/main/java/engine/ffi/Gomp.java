package engine.ffi;

import java.lang.invoke.MethodHandle;

/**
 * GNU OpenMP, libgomp.so.1, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/gomp.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Gomp {

  /** {@code void (*omp_fn)(void *data)}, as {@link Native#upcall} takes it. */
  static final String omp_fn = "vl";

  private static final MethodHandle GOMP_parallel$mh = Native.handle(DnnlLibrary.GOMP, "GOMP_parallel", "vllii");
  private static final MethodHandle omp_get_thread_num$mh = Native.handle(DnnlLibrary.GOMP, "omp_get_thread_num", "i");
  private static final MethodHandle omp_get_max_threads$mh = Native.handle(DnnlLibrary.GOMP, "omp_get_max_threads", "i");
  private static final MethodHandle omp_get_num_procs$mh = Native.handle(DnnlLibrary.GOMP, "omp_get_num_procs", "i");
  private static final MethodHandle omp_set_num_threads$mh = Native.handle(DnnlLibrary.GOMP, "omp_set_num_threads", "vi");

  private Gomp() {}

  /**
   * Runs {@code fn} once on each of {@code num_threads} threads; returns when all are done.
   *
   * <p>{@code void GOMP_parallel(omp_fn fn, void *data, unsigned num_threads, unsigned flags)}.
   */
  public static void GOMP_parallel(long fn, long data, int num_threads, int flags) {
    try {
      GOMP_parallel$mh.invokeExact(fn, data, num_threads, flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code int omp_get_thread_num()}. */
  public static int omp_get_thread_num() {
    try {
      return (int) omp_get_thread_num$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code int omp_get_max_threads()}. */
  public static int omp_get_max_threads() {
    try {
      return (int) omp_get_max_threads$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Processors that this process may run on.
   *
   * <p>{@code int omp_get_num_procs()}.
   */
  public static int omp_get_num_procs() {
    try {
      return (int) omp_get_num_procs$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Binds the calling thread only.
   *
   * <p>{@code void omp_set_num_threads(int num_threads)}.
   */
  public static void omp_set_num_threads(int num_threads) {
    try {
      omp_set_num_threads$mh.invokeExact(num_threads);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
