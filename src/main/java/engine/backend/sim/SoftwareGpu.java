package engine.backend.sim;

import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.ffi.SimulatedDriver;
import java.lang.foreign.SymbolLookup;

/**
 * The driver behind {@code --device sim}. Races are looked for everywhere unless {@code
 * -Dengine.sim.races=shared} or {@code off} asks for more speed.
 */
public final class SoftwareGpu implements SimulatedDriver {
  private SimDevice device;

  @Override
  public SymbolLookup open(int threads) {
    SimOptions options = SimOptions.fromProperties();
    device = new SimDevice(threads > 0 ? options.withThreads(threads) : options);
    return device.symbols();
  }

  @Override
  public void close() {
    if (device != null) {
      device.close();
      device = null;
    }
  }
}
