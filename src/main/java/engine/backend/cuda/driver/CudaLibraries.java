package engine.backend.cuda.driver;

import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.ffi.CublasLt;
import engine.ffi.CudaDriver;
import engine.ffi.Cudnn;
import java.lang.foreign.SymbolLookup;
import java.util.function.Supplier;

/**
 * The libraries that the backend calls: NVIDIA's, or the software GPU's answers to the same names.
 * cuDNN and cuBLASLt are a gigabyte: they are loaded by the first convolution and the first matrix
 * product.
 */
public record CudaLibraries(CudaDriver driver, Supplier<Cudnn> cudnn, Supplier<CublasLt> cublasLt) {
  /** NVIDIA's. */
  public static CudaLibraries ofThisMachine(LibraryFinder finder) {
    return new CudaLibraries(
        VendorLibraries.driver(finder),
        () -> VendorLibraries.cudnn(finder),
        () -> VendorLibraries.cublasLt(finder));
  }

  /** All three behind one lookup. */
  public static CudaLibraries of(SymbolLookup lookup) {
    return new CudaLibraries(
        new CudaDriver(lookup), () -> new Cudnn(lookup), () -> new CublasLt(lookup));
  }
}
