package engine.bench;

/**
 * What was measured of one piece of work.
 *
 * @param work its name, such as {@code train}
 * @param batch images a run
 * @param flops of a run: two for each multiply-add of its convolutions and matrix products
 * @param ceiling GFLOP/s of a large matrix product on the same device in the same precision
 * @param firstStepSeconds from the start of the process to the end of the first run; NaN if unknown
 * @param peakMegabytes the most memory the process had resident up to the last run; NaN if unknown
 */
public record Result(
    String work,
    int batch,
    Timing timing,
    double flops,
    double ceiling,
    double firstStepSeconds,
    double peakMegabytes) {

  /** The same without what the process did before: where this was not its first work. */
  public Result alone() {
    return new Result(work, batch, timing, flops, ceiling, Double.NaN, Double.NaN);
  }

  /** By the median. */
  public double imagesPerSecond() {
    return batch * 1e3 / timing.median();
  }

  /** GFLOP/s by the median. */
  public double rate() {
    return flops / timing.median() / 1e6;
  }

  /** {@link #rate} as a share of the ceiling. */
  public double ceilingShare() {
    return rate() / ceiling;
  }
}
