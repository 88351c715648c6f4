package engine.backend.sim.driver;

import engine.backend.sim.exec.CompiledKernel;
import engine.backend.sim.exec.KernelCompiler;
import engine.backend.sim.memory.Allocation;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.PtxKernel;
import engine.backend.sim.ptx.PtxModule;
import engine.backend.sim.ptx.Variable;
import engine.ffi.CudaDriver;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A module on the device: its variables have addresses, its kernels are compiled when asked for.
 */
public final class LoadedModule implements AutoCloseable {
  private final PtxModule ptx;
  private final DeviceMemory memory;
  private final Map<String, Allocation> variables = new LinkedHashMap<>();
  private final Map<String, CompiledKernel> kernels = new LinkedHashMap<>();

  public LoadedModule(PtxModule ptx, DeviceMemory memory) {
    this.ptx = ptx;
    this.memory = memory;
    for (Variable v : ptx.variables()) {
      if (!v.space().equals("shared")) {
        place(v);
      }
    }
  }

  private void place(Variable v) {
    Allocation a = memory.allocate(Math.max(1, v.bytes()), v.space() + " variable " + v.name());
    if (a == null) {
      throw new CudaError(CudaDriver.CUDA_ERROR_OUT_OF_MEMORY, "no room for " + v.name());
    }
    memory.slice(a.offset(), v.bytes()).fill((byte) 0);
    if (v.initial() != null) {
      memory.slice(a.offset(), v.initial().length).copyFrom(MemorySegment.ofArray(v.initial()));
    }
    memory.writtenRange(a.offset(), v.bytes());
    variables.put(v.name(), a);
  }

  /** Null if there is no such variable. */
  Allocation variable(String name) {
    return variables.get(name);
  }

  CompiledKernel kernel(String name) {
    return kernels.computeIfAbsent(name, n -> compile(n, false));
  }

  /**
   * Compiles a kernel.
   *
   * @param oneByOne see {@link KernelCompiler#compile}
   */
  public CompiledKernel compile(String name, boolean oneByOne) {
    PtxKernel k = ptx.kernels().get(name);
    if (k == null) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_NOT_FOUND,
          "the module has no kernel %s; it has %s"
              .formatted(name, String.join(", ", ptx.kernels().keySet())));
    }
    return KernelCompiler.compile(k, ptx.variables(), this::address, oneByOne);
  }

  private long address(String symbol) {
    Allocation a = variables.get(symbol);
    if (a == null) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_PTX, "the module declares no variable " + symbol);
    }
    return a.offset() + DeviceMemory.BASE;
  }

  @Override
  public void close() {
    variables.values().forEach(a -> memory.free(a.offset()));
  }
}
