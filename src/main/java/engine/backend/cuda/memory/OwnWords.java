package engine.backend.cuda.memory;

import engine.backend.cuda.driver.Gpu;

/**
 * Words of device memory that are the backend's own: one where kernels leave a class that does not
 * exist, 0 if there was none, and those where the blocks of a launch count themselves.
 */
final class OwnWords implements AutoCloseable {
  private static final int MOST_ARRIVALS = 4096;

  /** Where the counts begin, in words. */
  private static final int ARRIVALS = 4;

  private final Gpu gpu;
  private final DevicePool pool;
  private final long address;

  OwnWords(Gpu gpu, DevicePool pool) {
    this.gpu = gpu;
    this.pool = pool;
    address = pool.allocate(4L * (ARRIVALS + MOST_ARRIVALS));
    clear(ARRIVALS + MOST_ARRIVALS);
  }

  /** Address of the word of faults. */
  long fault() {
    return address;
  }

  void clearFault() {
    clear(1);
  }

  /**
   * Address of words that are 0 whenever no kernel runs: whoever counts in them leaves them so.
   *
   * @param count how many are used
   */
  long arrivals(int count) {
    if (count > MOST_ARRIVALS) {
      throw new IllegalArgumentException(count + " columns of blocks are more than can be counted");
    }
    return address + 4L * ARRIVALS;
  }

  private void clear(int words) {
    gpu.errors.check(
        gpu.driver.cuMemsetD32Async(address, 0, words, gpu.stream),
        "cuMemsetD32Async",
        "own words");
  }

  @Override
  public void close() {
    pool.free(address);
  }
}
