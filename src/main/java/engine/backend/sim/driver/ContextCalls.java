package engine.backend.sim.driver;

import engine.ffi.CudaDriver;

/** The driver, its one device, and the device's primary context. */
final class ContextCalls {
  private static final long CONTEXT = 0x51_F000_0000L;

  private final SimDevice device;
  private int retained;
  private long current;

  ContextCalls(SimDevice device) {
    this.device = device;
  }

  /** Most calls need a context. */
  void requireCurrent() {
    if (current == 0 || retained == 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_CONTEXT,
          "no context is current: call cuDevicePrimaryCtxRetain and cuCtxSetCurrent");
    }
  }

  void cuInit(int flags) {
    if (flags != 0) {
      throw new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, "Flags must be 0");
    }
    device.errors.initialise();
  }

  void cuDriverGetVersion(long driverVersion) {
    HostMemory.putInt(driverVersion, "driverVersion", DeviceModel.DRIVER_VERSION);
  }

  void cuDeviceGetCount(long count) {
    HostMemory.putInt(count, "count", 1);
  }

  void cuDeviceGet(long pDevice, int ordinal) {
    checkDevice(ordinal);
    HostMemory.putInt(pDevice, "device", ordinal);
  }

  void cuDeviceGetName(long name, int len, int dev) {
    checkDevice(dev);
    HostMemory.putString(name, "name", len, DeviceModel.NAME);
  }

  void cuDeviceTotalMem_v2(long bytes, int dev) {
    checkDevice(dev);
    HostMemory.putLong(bytes, "bytes", device.memory.capacity());
  }

  void cuDeviceGetAttribute(long pi, int attrib, int dev) {
    checkDevice(dev);
    HostMemory.putInt(pi, "pi", device.model.attribute(attrib));
  }

  void cuDevicePrimaryCtxRetain(long pctx, int dev) {
    checkDevice(dev);
    HostMemory.putLong(pctx, "pctx", CONTEXT);
    retained++;
  }

  void cuDevicePrimaryCtxRelease_v2(int dev) {
    checkDevice(dev);
    if (retained == 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_CONTEXT, "the primary context is not retained");
    }
    if (--retained == 0) {
      current = 0;
    }
  }

  void cuCtxSetCurrent(long ctx) {
    if (ctx != 0 && (ctx != CONTEXT || retained == 0)) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_CONTEXT, "0x%x is no live context".formatted(ctx));
    }
    current = ctx;
  }

  void cuCtxGetCurrent(long pctx) {
    HostMemory.putLong(pctx, "pctx", current);
  }

  void cuCtxSynchronize() {
    requireCurrent();
    device.streams.forbidDuringCapture("cuCtxSynchronize");
    device.streams.order().hostWaitsForAll();
  }

  private static void checkDevice(int dev) {
    if (dev != 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_DEVICE, "there is one device, 0, and no " + dev);
    }
  }
}
