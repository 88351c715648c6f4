package engine.backend.cpu.runtime;

import engine.ffi.Gomp;
import engine.ffi.OpenMp;

/**
 * Java kernels over the OpenMP threads that oneDNN uses. Ranges are cut the same way for the same
 * thread count.
 */
public final class Parallel {
  /** Work on elements [from, to). */
  public interface Range {
    void run(long from, long to);
  }

  /** Whose number of threads OpenMP has for the regions that oneDNN begins on a thread. */
  private static final ThreadLocal<Parallel> BOUND = new ThreadLocal<>();

  private final int threads;

  public Parallel(int threads) {
    this.threads = threads;
  }

  public int threads() {
    return threads;
  }

  /**
   * Lets oneDNN use these threads: to be called on each thread that makes or runs primitives, for
   * OpenMP keeps a number for each, and before each call, for another device may have another.
   */
  public void bind() {
    if (BOUND.get() != this) {
      Gomp.omp_set_num_threads(threads);
      RunDelays.countCallingThread();
      BOUND.set(this);
    }
  }

  /**
   * Runs {@code body} over [0, n) in one contiguous piece a thread, cut at multiples of 16.
   *
   * @param grain the least number of elements that is worth a thread
   */
  public void range(long n, long grain, Range body) {
    int parts = (int) Math.min(threads, n / Math.max(1, grain));
    if (parts <= 1) {
      body.run(0, n);
      return;
    }
    long step = (n / parts + 15) & -16L;
    OpenMp.parallel(
        parts,
        t -> {
          long from = Math.min(n, t * step);
          long to = t == parts - 1 ? n : Math.min(n, from + step);
          if (from < to) {
            body.run(from, to);
          }
        });
  }

  /** Runs {@code body} over [0, n) rows in one contiguous piece a thread. */
  public void rows(long n, long elementsPerRow, Range body) {
    int parts = (int) Math.min(Math.min(threads, n), n * elementsPerRow / 4096);
    if (parts <= 1) {
      body.run(0, n);
      return;
    }
    OpenMp.parallel(parts, t -> body.run(n * t / parts, n * (t + 1) / parts));
  }
}
