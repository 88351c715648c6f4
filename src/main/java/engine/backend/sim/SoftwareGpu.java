package engine.backend.sim;

import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.dnn.SimDnn;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.math.CpuMath;
import engine.ffi.SimulatedDriver;
import java.lang.foreign.SymbolLookup;

/**
 * The driver behind {@code --device sim}, with cuDNN and cuBLASLt. Races are looked for everywhere
 * unless {@code -Dengine.sim.races=shared} or {@code off} asks for more speed.
 */
public final class SoftwareGpu implements SimulatedDriver {
  private SimDevice device;
  private CpuMath math;

  @Override
  public SymbolLookup open(int threads) {
    SimOptions options = SimOptions.fromProperties();
    device = new SimDevice(threads > 0 ? options.withThreads(threads) : options);
    math = new CpuMath(threads);
    return device.symbols().or(SimDnn.symbols(device, math)).or(SimBlas.symbols(device, math));
  }

  @Override
  public void close() {
    if (device != null) {
      device.close();
      math.close();
      device = null;
    }
  }
}
