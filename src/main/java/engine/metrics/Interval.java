package engine.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A range that holds the true figure with 95 % confidence, as far as the samples are like those to
 * come.
 */
public record Interval(double low, double high) {
  /** The 97.5 % point of the normal distribution. */
  private static final double Z = 1.959963984540054;

  private static final int RESAMPLES = 1000;
  private static final int FEWEST = 200;

  /** Where so many kinds of mistakes occurred that more draws would take long, fewer are made. */
  private static final long DRAWS = 50_000_000;

  private static final double LARGE = 60;

  /**
   * Of a share, by Wilson (1927), whose interval stays within 0..1 and holds for few samples too.
   */
  public static Interval wilson(long hits, long samples) {
    if (samples <= 0) {
      return new Interval(0, 1);
    }
    double n = samples;
    double p = hits / n;
    double centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
    double half = Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /**
   * Of any figure of a confusion matrix, by the percentile bootstrap over samples (Efron 1979) with
   * Poisson weights (Hanley and MacGibbon 2006), so that its cost does not grow with the samples.
   */
  public static Interval bootstrap(ConfusionMatrix m, ToDoubleFunction<ConfusionMatrix> figure) {
    long[] counts = m.counts();
    SplittableRandom random = new SplittableRandom(1);
    double[] limits = new double[(int) LARGE + 1];
    Arrays.setAll(limits, mean -> Math.exp(-mean));
    int resamples = Math.clamp(DRAWS / Math.max(1, counts.length), FEWEST, RESAMPLES);
    double[] values = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      long[] drawn = new long[counts.length];
      for (int i = 0; i < counts.length; i++) {
        drawn[i] = poisson(counts[i], limits, random);
      }
      values[r] = figure.applyAsDouble(m.withCounts(drawn));
    }
    Arrays.sort(values);
    return new Interval(values[(int) (resamples * 0.025)], values[(int) (resamples * 0.975)]);
  }

  /** Knuth's method; from {@value #LARGE} on the normal distribution is near enough. */
  private static long poisson(long mean, double[] limits, SplittableRandom random) {
    if (mean > LARGE) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = limits[(int) mean];
    long k = 0;
    for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
      k++;
    }
    return k;
  }
}
