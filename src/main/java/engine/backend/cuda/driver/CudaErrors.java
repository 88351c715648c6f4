package engine.backend.cuda.driver;

import static engine.ffi.CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS;
import static engine.ffi.CudaDriver.CUDA_ERROR_INVALID_PTX;
import static engine.ffi.CudaDriver.CUDA_ERROR_INVALID_VALUE;
import static engine.ffi.CudaDriver.CUDA_ERROR_LAUNCH_FAILED;
import static engine.ffi.CudaDriver.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
import static engine.ffi.CudaDriver.CUDA_ERROR_LAUNCH_TIMEOUT;
import static engine.ffi.CudaDriver.CUDA_ERROR_MISALIGNED_ADDRESS;
import static engine.ffi.CudaDriver.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static engine.ffi.CudaDriver.CUDA_ERROR_NO_DEVICE;
import static engine.ffi.CudaDriver.CUDA_ERROR_OUT_OF_MEMORY;
import static engine.ffi.CudaDriver.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH;
import static engine.ffi.CudaDriver.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
import static engine.ffi.CudaDriver.CUDA_SUCCESS;

import engine.backend.cuda.libraries.DriverVersions;
import engine.base.Setting;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns a status of the driver into a sentence that says what to do. */
public final class CudaErrors {
  private final CudaDriver driver;

  public CudaErrors(CudaDriver driver) {
    this.driver = driver;
  }

  /**
   * Nothing, if the call worked.
   *
   * @param call the function's name
   * @param what its sizes, or the kernel: what a reader needs to find the mistake
   * @throws CudaException if it failed
   */
  public void check(int status, String call, String what) {
    if (status != CUDA_SUCCESS) {
      throw exception(status, call, what);
    }
  }

  CudaException exception(int status, String call, String what) {
    String of = what.isEmpty() ? "" : " (" + what + ")";
    return new CudaException(call + of + " failed with " + text(status) + "; " + advice(status));
  }

  /** {@code CUDA_ERROR_OUT_OF_MEMORY (2): out of memory}. */
  private String text(int status) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment p = arena.allocate(ValueLayout.JAVA_LONG);
      boolean named = driver.cuGetErrorName(status, p.address()) == CUDA_SUCCESS;
      String name = named ? string(p) : "an unknown error";
      boolean told = driver.cuGetErrorString(status, p.address()) == CUDA_SUCCESS;
      return name + " (" + status + ")" + (told ? ": " + string(p) : "");
    }
  }

  private static String string(MemorySegment pointer) {
    long address = pointer.get(ValueLayout.JAVA_LONG, 0);
    return address == 0
        ? "?"
        : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static String advice(int status) {
    return switch (status) {
      case CUDA_ERROR_OUT_OF_MEMORY ->
          "use a smaller "
              + Setting.BATCH
              + " or "
              + Setting.IMAGE_SIZE
              + ", or end other programs on this GPU";
      case CUDA_ERROR_NO_DEVICE ->
          "there is no GPU to see: check nvidia-smi and CUDA_VISIBLE_DEVICES, or use "
              + Setting.DEVICE
              + " cpu";
      case CUDA_ERROR_NO_BINARY_FOR_GPU ->
          "the kernels need a GPU of compute capability 7.5 (Turing) or later: use "
              + Setting.DEVICE
              + " cpu";
      case CUDA_ERROR_UNSUPPORTED_PTX_VERSION, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          "the NVIDIA driver is too old for these kernels: install "
              + DriverVersions.OLDEST
              + " or later";
      case CUDA_ERROR_INVALID_PTX -> "the PTX in the jar is damaged: build it again";
      case CUDA_ERROR_ILLEGAL_ADDRESS, CUDA_ERROR_MISALIGNED_ADDRESS, CUDA_ERROR_LAUNCH_FAILED ->
          "a kernel went wrong, this one or one before it: run it with "
              + Setting.DEVICE
              + " sim to see where";
      case CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES ->
          "the kernel wants more registers or shared memory than a block may have";
      case CUDA_ERROR_LAUNCH_TIMEOUT ->
          "the GPU also drives a screen, which ends long kernels: use a smaller " + Setting.BATCH;
      case CUDA_ERROR_INVALID_VALUE -> "an argument is out of range";
      default -> "nvidia-smi may show more";
    };
  }
}
