package engine.backend.sim.dnn;

import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.driver.Symbols;
import engine.backend.sim.math.CpuMath;
import engine.ffi.Cudnn;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/** cuDNN on the software GPU. */
public final class SimDnn {
  private SimDnn() {}

  /** The functions of {@link Cudnn}, alive as long as the device. */
  public static SymbolLookup symbols(SimDevice device, CpuMath cpu) {
    return symbols(device, cpu, EngineFaults.NONE);
  }

  /** The same with engines that go wrong. */
  public static SymbolLookup symbols(SimDevice device, CpuMath cpu, EngineFaults faults) {
    DnnErrors errors = new DnnErrors(device.guard());
    DescriptorCalls descriptors =
        new DescriptorCalls(DeviceProperties.ofArchitecture(device.architecture()));
    Execution execution = new Execution(device.memory(), cpu, faults);
    return Symbols.of(
        device.arena(),
        Cudnn.FUNCTIONS,
        errors,
        List.of(new DnnCalls(device, errors, descriptors, execution), descriptors));
  }
}
