package engine.cli;

import engine.backend.Backend;
import engine.backend.Devices;
import java.io.PrintWriter;

/**
 * The device of a command. With {@code --debug} its end says how many tensors were never closed,
 * which after a command that did its work is none.
 */
record OpenDevice(Backend backend, PrintWriter leaks) implements AutoCloseable {
  /**
   * @param threads as {@link Devices#open} takes it
   */
  static OpenDevice of(CommonOptions common, String device, int threads) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (threads > cores) {
      common
          .err()
          .println(
              "engine: warning: %d threads are more than this machine's %s and wait for each other: --threads %d is faster"
                  .formatted(threads, cores == 1 ? "single core" : cores + " cores", cores));
    }
    if (common.pinThreads) {
      Devices.pinThreads();
    }
    Backend opened =
        Devices.open(
            device, threads, common.autoGiven(), n -> common.err().println("engine: " + n));
    return new OpenDevice(opened, common.debug ? common.err() : null);
  }

  static OpenDevice of(CommonOptions common) {
    return of(common, common.device(), common.threads());
  }

  @Override
  public void close() {
    long live = backend.memory().liveTensors();
    if (leaks != null && live > 0) {
      leaks.println(
          "engine: %,d tensors of %,d bytes were not closed"
              .formatted(live, backend.memory().liveBytes()));
    }
    backend.close();
  }
}
