package engine.backend.cuda;

import engine.backend.Backend;
import engine.backend.DeviceProvider;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.ffi.SimulatedDriver;
import java.util.ServiceLoader;

/**
 * Makes {@code --device sim}: the same backend on a driver made of software. Every tensor is an
 * allocation of its own, so that the software GPU knows where it ends; plans, which cost it
 * nothing, are not kept.
 */
public final class SimulatedProvider implements DeviceProvider {
  @Override
  public String name() {
    return "sim";
  }

  @Override
  public String whyNot() {
    return ServiceLoader.load(SimulatedDriver.class).findFirst().isPresent()
        ? null
        : "this build has no software GPU";
  }

  /** The last choice: it is for finding mistakes, not for speed. */
  @Override
  public int preference() {
    return -2;
  }

  @Override
  public Backend open(int index, int threads) {
    SimulatedDriver driver =
        ServiceLoader.load(SimulatedDriver.class)
            .findFirst()
            .orElseThrow(() -> new UnsupportedOnDeviceException(whyNot()));
    return CudaBackend.open(
        CudaLibraries.of(driver.open(threads)),
        index,
        name(),
        true,
        PlanFiles.none(),
        driver::close);
  }
}
