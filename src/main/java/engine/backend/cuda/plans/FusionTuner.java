package engine.backend.cuda.plans;

import engine.backend.OutOfDeviceMemoryException;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Finds out which of two ways to the same values is faster, a graph that does several things at
 * once or a graph and kernels one after the other, by running both in turns: once to warm up, then
 * {@link #RUNS} times, of which the median counts. Where they are equal the fused way is kept.
 */
final class FusionTuner {
  private static final int RUNS = 5;

  private static final System.Logger LOG = System.getLogger(FusionTuner.class.getName());

  private final ToDoubleFunction<Runnable> clock;

  /**
   * @param clock milliseconds that the GPU spends on work
   */
  FusionTuner(ToDoubleFunction<Runnable> clock) {
    this.clock = clock;
  }

  /**
   * Whether {@code fused} takes no longer than {@code apart}.
   *
   * @param what for the log
   * @throws OutOfDeviceMemoryException if there is no room to try
   */
  boolean isFaster(String what, Runnable fused, Runnable apart) {
    fused.run();
    apart.run();
    double[] together = new double[RUNS];
    double[] after = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      together[i] = clock.applyAsDouble(fused);
      after[i] = clock.applyAsDouble(apart);
    }
    double a = median(together);
    double b = median(after);
    LOG.log(Level.DEBUG, "{0}: {1} ms fused, {2} ms apart", what, a, b);
    return a <= b;
  }

  private static double median(double[] all) {
    Arrays.sort(all);
    return all[all.length / 2];
  }
}
