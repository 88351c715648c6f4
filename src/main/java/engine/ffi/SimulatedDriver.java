package engine.ffi;

import java.lang.foreign.SymbolLookup;

/**
 * A CUDA driver made of software, found through {@link java.util.ServiceLoader}: functions of the
 * driver's names behind a lookup, so that whoever uses them need not know what is behind them.
 */
public interface SimulatedDriver extends AutoCloseable {
  /**
   * Starts the driver.
   *
   * @param threads threads of this machine that it may use; 0 for one a core
   * @return every function of {@link CudaDriver#FUNCTIONS}, {@link Cudnn#FUNCTIONS} and {@link
   *     CublasLt#FUNCTIONS}, valid until {@link #close}
   */
  SymbolLookup open(int threads);

  @Override
  void close();
}
