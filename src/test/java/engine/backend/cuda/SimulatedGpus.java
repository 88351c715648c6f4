package engine.backend.cuda;

import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.dnn.SimDnn;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.math.CpuMath;

/** Software GPUs that stand for others than the usual one. */
public final class SimulatedGpus {
  public static final int TURING = 75;
  public static final int HOPPER = 90;
  private static final int THREADS = 2;

  private SimulatedGpus() {}

  public static CudaBackend open(int architecture) {
    SimOptions options = SimOptions.standard().withThreads(THREADS).withArchitecture(architecture);
    SimDevice device = new SimDevice(options);
    CpuMath math = new CpuMath(THREADS);
    var symbols =
        device.symbols().or(SimDnn.symbols(device, math)).or(SimBlas.symbols(device, math));
    return CudaBackend.open(
        CudaLibraries.of(symbols),
        0,
        "sim",
        true,
        PlanFiles.none(),
        () -> {
          device.close();
          math.close();
        });
  }
}
