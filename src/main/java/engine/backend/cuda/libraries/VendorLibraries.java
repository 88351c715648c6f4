package engine.backend.cuda.libraries;

import engine.backend.VendorLibrary;
import engine.base.Setting;
import engine.ffi.CublasLt;
import engine.ffi.CudaDriver;
import engine.ffi.Cudnn;
import engine.ffi.NativeLibraries;
import engine.ffi.Nvrtc;
import engine.ffi.UncheckedNativeException;
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

  /** cuBLASLt. */
  public static CublasLt cublasLt(LibraryFinder finder) {
    return new CublasLt(NativeLibraries.open(finder.require(LibraryFinder.Library.CUBLASLT)));
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
    if (finder.find(LibraryFinder.Library.NVRTC).path() != null) {
      Path nvrtc = ofCuda(cuda, LibraryFinder.Library.NVRTC, library, finder);
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
    if (fitting == null || !fitting.getFileName().toString().contains(".so." + cuda)) {
      throw new UncheckedNativeException(
          "cuDNN %s is made for CUDA %d, and %s %s is of another: take both from one place, such as bench/gpu/vendor-libs or pip install nvidia-cudnn-cu%d, or set %s"
              .formatted(cudnn, cuda, l.title, any, cuda, l.variable));
    }
    return fitting;
  }

  /** Every library that a CUDA device uses, with its version or the reason why it is missing. */
  public static List<VendorLibrary> report(LibraryFinder finder) {
    List<VendorLibrary> out = new ArrayList<>();
    for (LibraryFinder.Library l : LibraryFinder.Library.values()) {
      LibraryFinder.Place p = finder.find(l);
      if (p.path() == null) {
        out.add(VendorLibrary.missing(l.title, p.text()));
        continue;
      }
      try {
        String version = version(l, finder);
        out.add(VendorLibrary.found(l.title, version + " at " + p.path() + " (" + p.text() + ")"));
      } catch (RuntimeException | LinkageError e) {
        out.add(VendorLibrary.missing(l.title, p.path() + " does not work: " + e.getMessage()));
      }
    }
    return out;
  }

  private static String version(LibraryFinder.Library l, LibraryFinder finder) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
      return switch (l) {
        case DRIVER -> {
          int status = driver(finder).cuDriverGetVersion(major.address());
          yield status == CudaDriver.CUDA_SUCCESS
              ? "for CUDA " + DriverVersions.dotted(major.get(ValueLayout.JAVA_INT, 0))
              : "of unknown version";
        }
        case NVRTC -> {
          nvrtc(finder).nvrtcVersion(major.address(), minor.address());
          yield major.get(ValueLayout.JAVA_INT, 0) + "." + minor.get(ValueLayout.JAVA_INT, 0);
        }
        case CUBLASLT -> dotted(cublasLt(finder).cublasLtGetVersion());
        case CUDNN -> {
          long v = cudnn(finder).cudnnGetVersion();
          yield dotted(v)
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
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
