package engine.quant;

import engine.tensor.Tensor;

/** Watches what a layer gives and says what range its grid must cover. */
public sealed interface Observer extends AutoCloseable permits MinMaxObserver, HistogramObserver {
  /** Takes a batch into account. */
  void observe(Tensor x);

  /**
   * Overwrites the grid with that of what was seen.
   *
   * @param scale F32 [channels]
   * @param zeroPoint I32 [channels]
   */
  void qparamsInPlace(Tensor scale, Tensor zeroPoint);

  /** Least and largest value of the range; of a range a channel, of all of them. */
  float[] range();

  @Override
  void close();
}
