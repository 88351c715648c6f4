package engine.bench;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * Times of the runs of one piece of work, in milliseconds.
 *
 * @param p99 the time that 99 of 100 runs do not exceed; of few runs the slowest
 * @param runs how many were timed
 */
public record Timing(double median, double best, double p99, int runs) {
  /**
   * Warms up, then times until the budget is spent.
   *
   * @param run does the work, to its end on the device, and gives its milliseconds: {@link
   *     engine.backend.Backend#milliseconds}
   */
  static Timing measure(Budget budget, DoubleSupplier run) {
    long start = System.nanoTime();
    for (int i = 0; !budget.isWarm(i, since(start) / 1e3); i++) {
      double unused = run.getAsDouble();
    }
    double[] ms = new double[16];
    int n = 0;
    start = System.nanoTime();
    while (!budget.isSpent(n, since(start) / 1e3)) {
      if (n == ms.length) {
        ms = Arrays.copyOf(ms, 2 * n);
      }
      ms[n++] = run.getAsDouble();
    }
    return of(Arrays.copyOf(ms, n));
  }

  /**
   * @param ms at least one time, in any order
   */
  static Timing of(double... ms) {
    double[] sorted = ms.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    return new Timing(median, sorted[0], sorted[Math.min(n - 1, (int) (n * 0.99))], n);
  }

  /** This and {@code times} runs of another, one after the other. */
  Timing plus(Timing other, int times) {
    return new Timing(
        median + times * other.median,
        best + times * other.best,
        p99 + times * other.p99,
        Math.min(runs, other.runs));
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
