package engine.backend.cuda;

import engine.backend.Backend;
import engine.backend.DeviceProvider;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.VendorLibrary;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.cuda.driver.TensorCores;
import engine.backend.cuda.driver.VisibleDevices;
import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.VendorLibraries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes {@code --device cuda}. */
public final class CudaProvider implements DeviceProvider {
  private final LibraryFinder finder = new LibraryFinder();

  /** Asked once; null before that. */
  private Optional<String> whyNot;

  @Override
  public String name() {
    return "cuda";
  }

  /** Everything that is missing, at once. */
  @Override
  public String whyNot() {
    if (whyNot == null) {
      whyNot =
          Optional.ofNullable(
              new CudaReadiness(finder, new VisibleDevices(), VendorLibraries::driver).whyNot());
    }
    return whyNot.orElse(null);
  }

  /** A driver is here: whoever has one expects a GPU to be used. */
  @Override
  public boolean isExpected() {
    return finder.find(LibraryFinder.Library.DRIVER).path() != null;
  }

  @Override
  public int preference() {
    return 1;
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
