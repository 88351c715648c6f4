package engine.backend.cuda.driver;

import static engine.ffi.CudaDriver.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER;
import static engine.ffi.CudaDriver.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE;
import static engine.ffi.CudaDriver.CUDA_ERROR_DEVICE_UNAVAILABLE;
import static engine.ffi.CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS;
import static engine.ffi.CudaDriver.CUDA_ERROR_INVALID_PTX;
import static engine.ffi.CudaDriver.CUDA_ERROR_INVALID_VALUE;
import static engine.ffi.CudaDriver.CUDA_ERROR_JIT_COMPILATION_DISABLED;
import static engine.ffi.CudaDriver.CUDA_ERROR_JIT_COMPILER_NOT_FOUND;
import static engine.ffi.CudaDriver.CUDA_ERROR_LAUNCH_FAILED;
import static engine.ffi.CudaDriver.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
import static engine.ffi.CudaDriver.CUDA_ERROR_LAUNCH_TIMEOUT;
import static engine.ffi.CudaDriver.CUDA_ERROR_MISALIGNED_ADDRESS;
import static engine.ffi.CudaDriver.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static engine.ffi.CudaDriver.CUDA_ERROR_NO_DEVICE;
import static engine.ffi.CudaDriver.CUDA_ERROR_OUT_OF_MEMORY;
import static engine.ffi.CudaDriver.CUDA_ERROR_STUB_LIBRARY;
import static engine.ffi.CudaDriver.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH;
import static engine.ffi.CudaDriver.CUDA_ERROR_SYSTEM_NOT_READY;
import static engine.ffi.CudaDriver.CUDA_ERROR_UNKNOWN;
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
  private static final String MORE = "nvidia-smi may show more";

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
    return new CudaException(
        call + of + " failed with " + text(status) + "; " + advice(status, call));
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

  private static String advice(int status, String call) {
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
      case CUDA_ERROR_UNSUPPORTED_PTX_VERSION, CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER ->
          "the NVIDIA driver is too old: install " + DriverVersions.OLDEST + " or later";
      case CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          "the driver's library and its kernel module are of different versions: restart the machine";
      case CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          "CUDA's folder \"compat\" has a driver for data-centre GPUs alone: take it out of LD_LIBRARY_PATH";
      case CUDA_ERROR_SYSTEM_NOT_READY ->
          "GPUs joined by NVSwitch need the fabric manager: systemctl start nvidia-fabricmanager";
      case CUDA_ERROR_STUB_LIBRARY ->
          "this libcuda.so.1 is the toolkit's stub: take its folder out of LD_LIBRARY_PATH";
      case CUDA_ERROR_DEVICE_UNAVAILABLE ->
          "another process has the GPU to itself: end it, or nvidia-smi -c 0 lets several share it";
      case CUDA_ERROR_JIT_COMPILER_NOT_FOUND ->
          "the driver's libnvidia-ptxjitcompiler.so.1 is missing: install the whole driver";
      case CUDA_ERROR_JIT_COMPILATION_DISABLED ->
          "the kernels are compiled by the driver: unset CUDA_DISABLE_PTX_JIT";
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
      case CUDA_ERROR_UNKNOWN ->
          call.equals("cuInit")
              ? "the kernel module nvidia_uvm may not be loaded: nvidia-modprobe -u, or restart the machine"
              : MORE;
      default -> MORE;
    };
  }
}
