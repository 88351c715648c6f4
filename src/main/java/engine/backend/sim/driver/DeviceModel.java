package engine.backend.sim.driver;

import engine.backend.kernels.Multiprocessor;
import engine.ffi.CudaDriver;

/**
 * The device that the software GPU stands for: the limits of compute capability 8.6 (CUDA C++
 * Programming Guide, "Technical Specifications per Compute Capability").
 */
final class DeviceModel {
  static final String NAME = "Software GPU (PTX in Java)";
  static final int DRIVER_VERSION = 12090;
  static final int CAPABILITY = 86;
  static final int MULTIPROCESSORS = 4;
  private static final Multiprocessor MULTIPROCESSOR = Multiprocessor.of(CAPABILITY);
  static final int THREADS_PER_BLOCK = 1024;
  static final int THREADS_PER_MULTIPROCESSOR = 1536;
  static final int REGISTERS = 65536;
  static final int SHARED_PER_BLOCK = 48 << 10;
  static final int SHARED_PER_BLOCK_OPTIN = 99 << 10;
  static final int SHARED_PER_MULTIPROCESSOR = 100 << 10;

  private DeviceModel() {}

  static int attribute(int attribute) {
    return switch (attribute) {
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK,
          CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X,
          CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y ->
          THREADS_PER_BLOCK;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z -> 64;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X -> Integer.MAX_VALUE;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y,
          CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z ->
          65535;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK -> SHARED_PER_BLOCK;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_WARP_SIZE -> 32;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK,
          CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR ->
          REGISTERS;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_CLOCK_RATE -> 1; // kHz: nobody should plan with it
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT -> MULTIPROCESSORS;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE -> 0;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR ->
          THREADS_PER_MULTIPROCESSOR;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR -> CAPABILITY / 10;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR -> CAPABILITY % 10;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR ->
          SHARED_PER_MULTIPROCESSOR;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN ->
          SHARED_PER_BLOCK_OPTIN;
      default ->
          throw new CudaError(
              CudaDriver.CUDA_ERROR_INVALID_VALUE,
              "the software GPU has no device attribute " + attribute);
    };
  }

  /** Blocks that fit a multiprocessor at once: limited by threads, registers, shared memory. */
  static int occupancy(int threads, int registers, int sharedBytes) {
    return MULTIPROCESSOR.residentBlocks(threads, registers, sharedBytes);
  }
}
