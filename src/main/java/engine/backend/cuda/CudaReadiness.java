package engine.backend.cuda;

import engine.backend.cuda.driver.CudaErrors;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.VisibleDevices;
import engine.backend.cuda.libraries.CudnnParts;
import engine.backend.cuda.libraries.DriverVersions;
import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.LibraryFinder.Library;
import engine.backend.cuda.libraries.LibraryFinder.Place;
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
import java.util.function.Function;

/**
 * Whether CUDA is whole on this machine: everything that stands in the way, found before anything
 * runs. Of NVIDIA's libraries only the driver is loaded for it.
 */
final class CudaReadiness {
  private final LibraryFinder finder;
  private final VisibleDevices visible;
  private final Function<LibraryFinder, CudaDriver> open;

  /**
   * @param open loads the driver that the finder has
   */
  CudaReadiness(
      LibraryFinder finder, VisibleDevices visible, Function<LibraryFinder, CudaDriver> open) {
    this.finder = finder;
    this.visible = visible;
    this.open = open;
  }

  /** All reasons in one text; null if there is none. */
  String whyNot() {
    List<String> reasons = reasons();
    return switch (reasons.size()) {
      case 0 -> null;
      case 1 -> reasons.getFirst();
      default -> {
        StringBuilder out = new StringBuilder("CUDA lacks several things here:");
        for (int i = 0; i < reasons.size(); i++) {
          out.append(i == 0 ? " (" : "; (").append(i + 1).append(") ").append(reasons.get(i));
        }
        yield out.append(". Or use ").append(Setting.DEVICE).append(" cpu").toString();
      }
    };
  }

  /** A sentence each, the driver's first. */
  List<String> reasons() {
    List<String> out = new ArrayList<>();
    int cuda = driver(out);
    Place cudnn = finder.find(Library.CUDNN);
    int cudnnCuda = 0;
    if (cudnn.path() == null) {
      out.add("there is no cuDNN here: " + withPassedOver(cudnn));
    } else {
      cudnnCuda = CudnnParts.cuda(cudnn.path());
      if (cuda > 0) {
        add(
            out,
            DriverVersions.tooOldFor(
                cudnn.path(), cudnnCuda, finder.find(Library.DRIVER).path(), cuda));
      }
    }
    Place cublas = finder.find(Library.CUBLASLT);
    if (cublas.path() == null) {
      out.add("there is no cuBLASLt here: " + withPassedOver(cublas));
    } else {
      add(out, VendorLibraries.mismatch(Library.CUBLASLT, finder));
    }
    return out;
  }

  /** The driver's CUDA, 0 where that cannot be said. */
  private int driver(List<String> out) {
    Place place = finder.find(Library.DRIVER);
    if (place.path() == null) {
      out.add("there is no NVIDIA driver here: " + withPassedOver(place));
      return 0;
    }
    String named = DriverVersions.named(place.path());
    try {
      CudaDriver driver = open.apply(finder);
      int cuda = VendorLibraries.cudaOfDriver(driver);
      if (cuda > 0 && cuda < DriverVersions.OLDEST_CUDA) {
        out.add(
            "%s is for CUDA %s, and %s, of CUDA 12.0, is the oldest that works: install %s or later"
                .formatted(
                    named,
                    DriverVersions.dotted(cuda),
                    DriverVersions.OLDEST,
                    DriverVersions.OLDEST));
        return 0;
      }
      add(out, gpus(driver));
      return cuda;
    } catch (UserError | UncheckedNativeException e) {
      out.add(e.getMessage());
    } catch (UnsatisfiedLinkError e) {
      out.add(
          "%s (%s) is too old (%s): install %s or later"
              .formatted(named, place.path(), e.getMessage(), DriverVersions.OLDEST));
    }
    return 0;
  }

  /** Why no GPU can be used; null if one can. */
  private String gpus(CudaDriver driver) {
    CudaErrors errors = new CudaErrors(driver);
    int status = driver.cuInit(0);
    if (visible.isNone(status)) {
      return visible.none();
    }
    errors.check(status, "cuInit", "");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      errors.check(driver.cuDeviceGetCount(out.address()), "cuDeviceGetCount", "");
      int count = out.get(ValueLayout.JAVA_INT, 0);
      String refusal = count == 0 ? visible.none() : null;
      for (int i = 0; i < count; i++) {
        refusal = Gpu.refusal(driver, i);
        if (refusal == null) {
          return null;
        }
      }
      return refusal;
    }
  }

  private static void add(List<String> out, String reason) {
    if (reason != null) {
      out.add(reason);
    }
  }

  private static String withPassedOver(Place p) {
    return p.passedOver().isEmpty()
        ? p.text()
        : p.text() + "; passed over: " + String.join(", ", p.passedOver());
  }
}
