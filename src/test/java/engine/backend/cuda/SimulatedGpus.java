package engine.backend.cuda;

import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.dnn.EngineFaults;
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
    SimOptions options = SimOptions.standard().withThreads(THREADS);
    return open(new SimDevice(options.withArchitecture(architecture)), true);
  }

  /** The same, whose plans are kept. */
  public static CudaBackend open(int architecture, PlanFiles files) {
    SimOptions options = SimOptions.standard().withThreads(THREADS);
    SimDevice device = new SimDevice(options.withArchitecture(architecture));
    return open(device, true, EngineFaults.NONE, files);
  }

  /** One that keeps the blocks of dead tensors for later ones, as a real GPU's backend does. */
  public static CudaBackend openWithPool() {
    return open(new SimDevice(SimOptions.standard().withThreads(THREADS)), false);
  }

  /** The same with so little memory. */
  static CudaBackend openWithPool(long bytes) {
    return open(new SimDevice(SimOptions.standard().withThreads(THREADS), bytes), false);
  }

  private static CudaBackend open(SimDevice device, boolean exactPool) {
    return open(device, exactPool, EngineFaults.NONE, PlanFiles.none());
  }

  /** One whose cuDNN has engines that go wrong. */
  public static CudaBackend open(EngineFaults faults, PlanFiles files) {
    return open(new SimDevice(SimOptions.standard().withThreads(THREADS)), true, faults, files);
  }

  private static CudaBackend open(
      SimDevice device, boolean exactPool, EngineFaults faults, PlanFiles files) {
    CpuMath math = new CpuMath(THREADS);
    var dnn = SimDnn.symbols(device, math, faults);
    var symbols = device.symbols().or(dnn).or(SimBlas.symbols(device, math));
    return CudaBackend.open(
        CudaLibraries.of(symbols),
        0,
        "sim",
        exactPool,
        files,
        () -> {
          device.close();
          math.close();
        });
  }
}
