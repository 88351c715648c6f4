package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.KernelTime;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.cuda.driver.KernelClock;
import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.dnn.SimDnn;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.math.CpuMath;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How kernels are timed on a real GPU, whose name decides, by the software GPU. */
final class KernelTimesTest {
  private static List<KernelTime> timesOfOneAddition(CudaBackend gpu, float expected) {
    try (Tensor sum = gpu.memory().upload(HostTensor.of(new float[] {1, 2}, 2));
        Tensor one = gpu.memory().upload(HostTensor.of(new float[] {1, 1}, 2))) {
      List<KernelTime> times = gpu.kernelTimes(() -> gpu.elementwise().addInPlace(sum, one));
      float[] got = gpu.memory().download(sum).toFloats();
      assertArrayEquals(new float[] {1 + expected, 2 + expected}, got);
      gpu.elementwise().addInPlace(sum, one);
      assertArrayEquals(
          new float[] {2 + expected, 3 + expected}, gpu.memory().download(sum).toFloats());
      return times;
    }
  }

  @Test
  void aGpuLaunchesEachKernelTenTimesBetweenTwoEventsAndCallsItOneLaunch() {
    SimDevice device = new SimDevice(SimOptions.standard());
    try (CpuMath math = new CpuMath(1);
        CudaBackend gpu =
            CudaBackend.open(
                CudaLibraries.of(
                    device
                        .symbols()
                        .or(SimDnn.symbols(device, math))
                        .or(SimBlas.symbols(device, math))),
                0,
                "cuda:0",
                false,
                PlanFiles.none(),
                device::close)) {
      List<KernelTime> times = timesOfOneAddition(gpu, KernelClock.BATCH);
      assertEquals(1, times.size());
      assertEquals(1, times.getFirst().launches());
      assertTrue(times.getFirst().milliseconds() >= 0);
    }
  }

  @Test
  void theSoftwareGpuLaunchesOnce() {
    try (CudaBackend gpu = SimulatedGpus.open(SimulatedGpus.HOPPER)) {
      timesOfOneAddition(gpu, 1);
    }
  }
}
