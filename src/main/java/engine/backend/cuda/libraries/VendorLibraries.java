package engine.backend.cuda.libraries;

import engine.backend.VendorLibrary;
import engine.base.Setting;
import engine.ffi.CublasLt;
import engine.ffi.CudaDriver;
import engine.ffi.Cudnn;
import engine.ffi.NativeLibraries;
import engine.ffi.Nvrtc;
import engine.ffi.UncheckedNativeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads what {@link LibraryFinder} found, and says which version it is. */
public final class VendorLibraries {
  private VendorLibraries() {}

  /**
   * The compiler.
   *
   * @throws engine.ffi.UncheckedNativeException with the reason, where it cannot be had
   */
  public static Nvrtc nvrtc(LibraryFinder finder) {
    return nvrtc(finder.require(LibraryFinder.Library.NVRTC));
  }

  /** The compiler in a given file. */
  public static Nvrtc nvrtc(Path library) {
    // NVRTC looks for its built-ins by name alone, which fails in a folder that the loader does not
    // search; once loaded by path they are found.
    builtins(library).forEach(NativeLibraries::open);
    return new Nvrtc(NativeLibraries.open(library));
  }

  /** The driver. */
  public static CudaDriver driver(LibraryFinder finder) {
    return new CudaDriver(NativeLibraries.open(finder.require(LibraryFinder.Library.DRIVER)));
  }

  /** cuBLASLt: the one that cuDNN loads, too, where there is one for each of several CUDAs. */
  public static CublasLt cublasLt(LibraryFinder finder) {
    return new CublasLt(NativeLibraries.open(fitting(LibraryFinder.Library.CUBLASLT, finder)));
  }

  /** A library of the CUDA of the cuDNN that is here; one of another CUDA for want of it. */
  private static Path fitting(LibraryFinder.Library l, LibraryFinder finder) {
    Path fitting = finder.find(l, cudaOfCudnn(finder)).path();
    return fitting == null ? finder.require(l) : fitting;
  }

  /** The major version; 0 where there is no cuDNN, or it does not say. */
  private static int cudaOfCudnn(LibraryFinder finder) {
    Path cudnn = finder.find(LibraryFinder.Library.CUDNN).path();
    return cudnn == null ? 0 : CudnnParts.cuda(cudnn);
  }

  /**
   * cuDNN, after a look at its parts: it ends the process where one is missing.
   *
   * @throws engine.ffi.UncheckedNativeException with the reason, where it cannot be had
   */
  public static Cudnn cudnn(LibraryFinder finder) {
    Path library = finder.require(LibraryFinder.Library.CUDNN);
    CudnnParts.check(library);
    Cudnn cudnn = new Cudnn(NativeLibraries.open(library));
    CudnnParts.checkVersion(library, cudnn.cudnnGetVersion());
    // It will look for these by name, of the CUDA that it was made for: loaded by path they are
    // found in whatever folder they lie.
    int cuda = (int) cudnn.cudnnGetCudartVersion() / 1000;
    NativeLibraries.open(ofCuda(cuda, LibraryFinder.Library.CUBLASLT, library, finder));
    // Without it cuDNN has no engines that it compiles as it runs; doctor says so.
    Path nvrtc = finder.find(LibraryFinder.Library.NVRTC, cuda).path();
    if (nvrtc != null && isOf(cuda, nvrtc)) {
      builtins(nvrtc).forEach(NativeLibraries::open);
      NativeLibraries.open(nvrtc);
    }
    return cudnn;
  }

  /**
   * A library of the CUDA that cuDNN was made for.
   *
   * @throws UncheckedNativeException if there is none, or only one of another CUDA
   */
  private static Path ofCuda(int cuda, LibraryFinder.Library l, Path cudnn, LibraryFinder finder) {
    Path any = finder.require(l);
    Path fitting = finder.find(l, cuda).path();
    if (fitting == null || !isOf(cuda, fitting)) {
      throw new UncheckedNativeException(otherCuda(cudnn, cuda, l, any));
    }
    return fitting;
  }

  /**
   * That a library, the only one of its kind here, is of another CUDA than cuDNN, and what to do;
   * null if there is one that fits, or none, or cuDNN's CUDA is not known.
   */
  public static String mismatch(LibraryFinder.Library l, LibraryFinder finder) {
    Path cudnn = finder.find(LibraryFinder.Library.CUDNN).path();
    int cuda = cudnn == null ? 0 : CudnnParts.cuda(cudnn);
    Path any = finder.find(l).path();
    Path fitting = finder.find(l, cuda).path();
    return cuda == 0 || any == null || fitting != null && isOf(cuda, fitting)
        ? null
        : otherCuda(cudnn, cuda, l, any);
  }

  /** By the number in the name of a library, or of the file that it links to. */
  private static boolean isOf(int cuda, Path library) {
    String number = ".so." + cuda;
    try {
      return library.getFileName().toString().contains(number)
          || library.toRealPath().getFileName().toString().contains(number);
    } catch (IOException e) {
      return false;
    }
  }

  private static String otherCuda(Path cudnn, int cuda, LibraryFinder.Library l, Path any) {
    return "cuDNN %s is made for CUDA %d, and %s %s is of another: take both from one place, such as bench/gpu/vendor-libs or pip install nvidia-cudnn-cu%d, or set %s"
        .formatted(cudnn, cuda, l.title, any, cuda, l.variable);
  }

  /** Every library that a CUDA device uses, with its version or the reason why it is missing. */
  public static List<VendorLibrary> report(LibraryFinder finder) {
    List<VendorLibrary> out = new ArrayList<>();
    for (LibraryFinder.Library l : LibraryFinder.Library.values()) {
      LibraryFinder.Place any = finder.find(l);
      if (any.path() == null) {
        out.add(VendorLibrary.missing(l.title, any.missing()));
        continue;
      }
      boolean chosen = l == LibraryFinder.Library.CUBLASLT || l == LibraryFinder.Library.NVRTC;
      LibraryFinder.Place fitting = finder.find(l, chosen ? cudaOfCudnn(finder) : 0);
      LibraryFinder.Place p = fitting.path() == null ? any : fitting;
      try {
        String text = version(l, p.path(), finder) + " at " + p.path() + " (" + p.text() + ")";
        if (!p.passedOver().isEmpty()) {
          text += "; passed over: " + String.join(", ", p.passedOver());
        }
        out.add(VendorLibrary.found(l.title, text, warning(l, finder)));
      } catch (RuntimeException | LinkageError e) {
        out.add(VendorLibrary.missing(l.title, p.path() + " does not work: " + e.getMessage()));
      }
    }
    return out;
  }

  private static String warning(LibraryFinder.Library l, LibraryFinder finder) {
    return switch (l) {
      case DRIVER -> null;
      case NVRTC, CUBLASLT -> mismatch(l, finder);
      case CUDNN -> {
        Path driver = finder.find(LibraryFinder.Library.DRIVER).path();
        try {
          yield driver == null
              ? null
              : DriverVersions.tooOldFor(
                  finder.require(l), cudaOfCudnn(finder), driver, cudaOfDriver(driver(finder)));
        } catch (UncheckedNativeException | LinkageError e) {
          yield null; // said of the driver itself
        }
      }
    };
  }

  /** The newest CUDA that a driver can run, such as 12090 for 12.9. */
  public static int cudaOfDriver(CudaDriver driver) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      int status = driver.cuDriverGetVersion(out.address());
      return status == CudaDriver.CUDA_SUCCESS ? out.get(ValueLayout.JAVA_INT, 0) : 0;
    }
  }

  private static String version(LibraryFinder.Library l, Path library, LibraryFinder finder) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
      return switch (l) {
        case DRIVER -> {
          int cuda = cudaOfDriver(driver(finder));
          yield cuda == 0
              ? "of unknown version"
              : "for CUDA %s, %s"
                  .formatted(DriverVersions.dotted(cuda), DriverVersions.named(library));
        }
        case NVRTC -> {
          nvrtc(library).nvrtcVersion(major.address(), minor.address());
          yield major.get(ValueLayout.JAVA_INT, 0) + "." + minor.get(ValueLayout.JAVA_INT, 0);
        }
        case CUBLASLT -> dotted(new CublasLt(NativeLibraries.open(library)).cublasLtGetVersion());
        case CUDNN -> {
          long v = cudnn(finder).cudnnGetVersion();
          int cuda = CudnnParts.cuda(library);
          yield dotted(v)
              + (cuda == 0 ? "" : " for CUDA " + cuda)
              + (v < CudnnParts.PLANS_FOR_ABSENT_GPUS
                  ? ", older than the 9.8 that doctor " + Setting.PLAN + " needs,"
                  : withoutDriver(finder));
        }
      };
    }
  }

  /** What cuDNN cannot do for want of a driver; empty where it has one, or needs none. */
  private static String withoutDriver(LibraryFinder finder) {
    return finder.find(LibraryFinder.Library.DRIVER).path() == null
            && !CudnnParts.linkedToTheDriver(finder.require(LibraryFinder.Library.CUDNN)).isEmpty()
        ? ", whose engines are linked to the driver: without one only doctor "
            + Setting.PLAN
            + " uses it,"
        : "";
  }

  /** 92400 is 9.24.0. */
  public static String dotted(long number) {
    return number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
  }

  private static List<Path> builtins(Path nvrtc) {
    try (var files = Files.newDirectoryStream(nvrtc.getParent(), "libnvrtc-builtins.so.*")) {
      List<Path> out = new ArrayList<>();
      files.forEach(out::add);
      out.sort(null);
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
