package engine.backend.cuda;

import engine.backend.Backend;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.dnn.SimDnn;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.math.CpuMath;
import java.util.ArrayList;
import java.util.List;

/** The CUDA backend on a software GPU whose calls can be read afterwards. */
public final class TracedGpu implements AutoCloseable {
  private final SimDevice device = new SimDevice(SimOptions.standard().withThreads(2));
  private final CpuMath math = new CpuMath(2);
  private final Backend backend;

  public TracedGpu() {
    var symbols = device.symbols().or(SimDnn.symbols(device, math));
    var libraries = CudaLibraries.of(symbols.or(SimBlas.symbols(device, math)));
    backend = CudaBackend.open(libraries, 0, "sim", true, PlanFiles.none(), () -> {});
  }

  public Backend backend() {
    return backend;
  }

  /** What {@code work} calls and makes streams do, see {@link SimDevice#onCall}. */
  public List<String> calls(Runnable work) {
    List<String> calls = new ArrayList<>();
    device.onCall(calls::add);
    work.run();
    device.onCall(_ -> {});
    return calls;
  }

  @Override
  public void close() {
    backend.close();
    device.close();
    math.close();
  }
}
