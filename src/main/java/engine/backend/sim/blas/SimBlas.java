package engine.backend.sim.blas;

import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.driver.Symbols;
import engine.backend.sim.math.CpuMath;
import engine.ffi.CublasLt;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/** cuBLASLt on the software GPU. */
public final class SimBlas {
  private SimBlas() {}

  /** The functions of {@link CublasLt}, alive as long as the device. */
  public static SymbolLookup symbols(SimDevice device, CpuMath cpu) {
    return symbols(device, cpu, 0);
  }

  /**
   * The same with heuristics that list algorithms which cannot compute the product.
   *
   * @param refused how many of the first
   */
  public static SymbolLookup symbols(SimDevice device, CpuMath cpu, int refused) {
    BlasErrors errors = new BlasErrors(device.guard());
    return Symbols.of(
        device.arena(),
        CublasLt.FUNCTIONS,
        errors,
        List.of(new BlasCalls(device, errors, cpu, refused)));
  }
}
