package engine.metrics;

import java.util.Arrays;

/**
 * Mean and spread of a figure over several trainings.
 *
 * @param mean of them
 * @param deviation sample standard deviation; NaN of one
 * @param low the least
 * @param high the greatest
 * @param count how many there are
 */
public record Spread(double mean, double deviation, double low, double high, int count) {
  /** 97.5 % points of Student's t for 1 to 30 degrees of freedom. */
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  private static final double NORMAL = 1.96;

  /** Of the values that are numbers. */
  public static Spread of(double... values) {
    double[] v = Arrays.stream(values).filter(Double::isFinite).toArray();
    double mean = Arrays.stream(v).average().orElse(Double.NaN);
    double squares = Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum();
    double deviation = v.length < 2 ? Double.NaN : Math.sqrt(squares / (v.length - 1));
    return new Spread(
        mean,
        deviation,
        Arrays.stream(v).min().orElse(Double.NaN),
        Arrays.stream(v).max().orElse(Double.NaN),
        v.length);
  }

  /** 95 % interval of the mean of more such trainings, by Student's t; of one there is none. */
  public Interval interval() {
    if (count < 2) {
      return new Interval(Double.NaN, Double.NaN);
    }
    double t = count - 1 <= STUDENT.length ? STUDENT[count - 2] : NORMAL;
    double half = t * deviation / Math.sqrt(count);
    return new Interval(mean - half, mean + half);
  }
}
