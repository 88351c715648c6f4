package engine.backend.cuda.driver;

import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.libraries.DriverVersions;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.base.Setting;
import engine.base.UserError;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One GPU: its primary context, the one stream that all work goes to, and what it is. Owner of
 * both; whoever makes modules, memory or events closes them first.
 */
public final class Gpu implements AutoCloseable {
  private static final int OLDEST_ARCHITECTURE = 75;

  public final CudaDriver driver;
  public final CudaErrors errors;

  /** Handle of the stream. */
  public final long stream;

  /** 75 for Turing, 90 for Hopper, and so on. */
  public final int architecture;

  public final int multiprocessors;
  public final String name;
  public final long totalBytes;
  private final int device;
  private final long context;
  private boolean closed;

  /**
   * @throws UnsupportedOnDeviceException if there is no such device or it is too old; the message
   *     says what to do
   */
  public Gpu(CudaDriver driver, int index) {
    this(driver, index, new VisibleDevices());
  }

  Gpu(CudaDriver driver, int index, VisibleDevices visible) {
    this.driver = driver;
    errors = new CudaErrors(driver);
    int started = driver.cuInit(0);
    if (visible.isNone(started)) {
      throw new UnsupportedOnDeviceException(visible.none());
    }
    errors.check(started, "cuInit", "");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      errors.check(driver.cuDriverGetVersion(out.address()), "cuDriverGetVersion", "");
      int version = out.get(ValueLayout.JAVA_INT, 0);
      if (version < DriverVersions.OLDEST_CUDA) {
        throw new UnsupportedOnDeviceException(
            "the NVIDIA driver is for CUDA "
                + DriverVersions.dotted(version)
                + ", and CUDA 12.0 is the oldest that works: install driver "
                + DriverVersions.OLDEST
                + " or later");
      }
      errors.check(driver.cuDeviceGetCount(out.address()), "cuDeviceGetCount", "");
      int count = out.get(ValueLayout.JAVA_INT, 0);
      if (count == 0) {
        throw new UnsupportedOnDeviceException(visible.none());
      }
      if (index < 0 || index >= count) {
        throw new UnsupportedOnDeviceException(visible.noSuch(index, count, name(driver, 0)));
      }
      errors.check(driver.cuDeviceGet(out.address(), index), "cuDeviceGet", "GPU " + index);
      device = out.get(ValueLayout.JAVA_INT, 0);
      name = name(driver, device);
      errors.check(driver.cuDeviceTotalMem_v2(out.address(), device), "cuDeviceTotalMem", name);
      totalBytes = out.get(ValueLayout.JAVA_LONG, 0);
      architecture = architecture(driver, device);
      multiprocessors =
          attribute(driver, CudaDriver.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device);
      String refusal = refusal(name, architecture, version);
      if (refusal != null) {
        throw new UnsupportedOnDeviceException(refusal);
      }
      checkRoom(driver.cuDevicePrimaryCtxRetain(out.address(), device), "cuDevicePrimaryCtxRetain");
      context = out.get(ValueLayout.JAVA_LONG, 0);
      try {
        useHere();
        checkRoom(
            driver.cuStreamCreate(out.address(), CudaDriver.CU_STREAM_NON_BLOCKING),
            "cuStreamCreate");
      } catch (UserError | UnsupportedOnDeviceException e) {
        driver.cuDevicePrimaryCtxRelease_v2(device);
        throw e;
      }
      stream = out.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /** A context takes some hundred MiB, which another process may not have left. */
  private void checkRoom(int status, String call) {
    if (status == CudaDriver.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new UnsupportedOnDeviceException(
          "%s has no room for another program, since others fill its %,d MiB: end one of those that nvidia-smi lists, or choose another GPU with %s cuda:N"
              .formatted(name, totalBytes >> 20, Setting.DEVICE));
    }
    errors.check(status, call, name);
  }

  /**
   * Why the engine does not work on a GPU, in one sentence; null if it does.
   *
   * @param device one that {@code cuDeviceGetCount} counted
   */
  public static String refusal(CudaDriver driver, int device) {
    int cuda = VendorLibraries.cudaOfDriver(driver);
    return refusal(name(driver, device), architecture(driver, device), cuda);
  }

  private static String refusal(String name, int architecture, int cuda) {
    return architecture >= OLDEST_ARCHITECTURE
        ? DriverVersions.tooOldFor(architecture, cuda)
        : name
            + " has compute capability "
            + architecture / 10.0
            + ", and the kernels need 7.5 (Turing) or later: use "
            + Setting.DEVICE
            + " cpu";
  }

  private static String name(CudaDriver driver, int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(256);
      new CudaErrors(driver)
          .check(driver.cuDeviceGetName(text.address(), 256, device), "cuDeviceGetName", "");
      return text.getString(0);
    }
  }

  private static int architecture(CudaDriver driver, int device) {
    return attribute(driver, CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device) * 10
        + attribute(driver, CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
  }

  private static int attribute(CudaDriver driver, int which, int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      new CudaErrors(driver)
          .check(
              driver.cuDeviceGetAttribute(out.address(), which, device),
              "cuDeviceGetAttribute",
              "attribute " + which);
      return out.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** Makes the GPU's context that of the calling thread, as it is of the one that opened it. */
  public void useHere() {
    errors.check(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent", name);
  }

  /** Waits until all work is done. */
  public void synchronize() {
    errors.check(driver.cuStreamSynchronize(stream), "cuStreamSynchronize", name);
  }

  /** An event that has come; its owner destroys it. */
  public long event() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      errors.check(
          driver.cuEventCreate(out.address(), CudaDriver.CU_EVENT_DISABLE_TIMING),
          "cuEventCreate",
          "");
      return out.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /** Lets an event come when all that was issued to the stream so far is done. */
  public void record(long event) {
    errors.check(driver.cuEventRecord(event, stream), "cuEventRecord", "");
  }

  /** Waits for an event; one that has come costs a question only. */
  public void await(long event) {
    int status = driver.cuEventQuery(event);
    if (status == CudaDriver.CUDA_ERROR_NOT_READY) {
      status = driver.cuEventSynchronize(event);
    }
    errors.check(status, "cuEventSynchronize", "");
  }

  public void destroyEvent(long event) {
    errors.check(driver.cuEventDestroy_v2(event), "cuEventDestroy", "");
  }

  /** Host memory that the device copies from and to by itself; its owner frees it. */
  public MemorySegment allocatePinned(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      errors.check(
          driver.cuMemHostAlloc(out.address(), bytes, CudaDriver.CU_MEMHOSTALLOC_PORTABLE),
          "cuMemHostAlloc",
          bytes + " bytes");
      return MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0)).reinterpret(bytes);
    }
  }

  public void freePinned(MemorySegment pinned) {
    errors.check(driver.cuMemFreeHost(pinned.address()), "cuMemFreeHost", "");
  }

  /** Free bytes of the device now. */
  public long freeBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG, 2);
      errors.check(driver.cuMemGetInfo_v2(out.address(), out.address() + 8), "cuMemGetInfo", name);
      return out.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      errors.check(driver.cuStreamDestroy_v2(stream), "cuStreamDestroy", name);
      errors.check(driver.cuDevicePrimaryCtxRelease_v2(device), "cuDevicePrimaryCtxRelease", name);
    }
  }
}
