package engine.backend.cuda;

import engine.backend.Backend;
import engine.backend.DeviceProvider;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.VendorLibrary;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaErrors;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.cuda.driver.TensorCores;
import engine.backend.cuda.libraries.DriverVersions;
import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.base.Setting;
import engine.base.UserError;
import engine.ffi.CudaDriver;
import engine.ffi.UncheckedNativeException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Makes {@code --device cuda}. */
public final class CudaProvider implements DeviceProvider {
  private final LibraryFinder finder = new LibraryFinder();

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String whyNot() {
    LibraryFinder.Place place = finder.find(LibraryFinder.Library.DRIVER);
    if (place.path() == null) {
      return "there is no NVIDIA driver here: "
          + place.text()
          + ", or use "
          + Setting.DEVICE
          + " cpu";
    }
    try {
      return count(VendorLibraries.driver(finder)) > 0
          ? null
          : "the NVIDIA driver sees no GPU: check nvidia-smi and CUDA_VISIBLE_DEVICES";
    } catch (UserError | UncheckedNativeException e) {
      return e.getMessage();
    } catch (UnsatisfiedLinkError e) {
      return "the NVIDIA driver "
          + place.path()
          + " is too old ("
          + e.getMessage()
          + "): install "
          + DriverVersions.OLDEST
          + " or later";
    }
  }

  private static int count(CudaDriver driver) {
    CudaErrors errors = new CudaErrors(driver);
    errors.check(driver.cuInit(0), "cuInit", "");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      errors.check(driver.cuDeviceGetCount(out.address()), "cuDeviceGetCount", "");
      return out.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** Not before convolutions: {@code auto} must take a device that can do everything. */
  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Backend open(int index, int threads) {
    String whyNot = whyNot();
    if (whyNot != null) {
      throw new UnsupportedOnDeviceException(whyNot);
    }
    CudaLibraries libraries = CudaLibraries.ofThisMachine(finder);
    return CudaBackend.open(libraries, index, name(), false, PlanFiles.inCache(), () -> {});
  }

  @Override
  public List<VendorLibrary> libraries() {
    List<VendorLibrary> out = new ArrayList<>(VendorLibraries.report(finder));
    TensorCores.missing(finder).ifPresent(out::add);
    return out;
  }
}
