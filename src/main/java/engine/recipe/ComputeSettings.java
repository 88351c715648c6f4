package engine.recipe;

/**
 * What a run computes in and on, and from which seed: the last bits depend on all of it.
 *
 * @param precision one of {@link Precision#NAMES}
 * @param seed of everything random
 * @param device as it was asked for
 * @param threads compute threads of a CPU device, at least 1: sums depend on how many there are
 */
public record ComputeSettings(String precision, long seed, String device, int threads) {
  public ComputeSettings {
    Precision.check(precision);
  }

  /** In fp32. */
  public static ComputeSettings on(String device, int threads, long seed) {
    return new ComputeSettings("fp32", seed, device, threads);
  }

  public ComputeSettings withPrecision(String other) {
    return new ComputeSettings(other, seed, device, threads);
  }

  public ComputeSettings withSeed(long other) {
    return new ComputeSettings(precision, other, device, threads);
  }

  public ComputeSettings withDevice(String other) {
    return new ComputeSettings(precision, seed, other, threads);
  }

  public ComputeSettings withThreads(int other) {
    return new ComputeSettings(precision, seed, device, other);
  }
}
