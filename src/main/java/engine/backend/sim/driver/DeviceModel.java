package engine.backend.sim.driver;

import engine.backend.kernels.Multiprocessor;
import engine.ffi.CudaDriver;

/**
 * The device that the software GPU stands for: the limits of its compute capability (CUDA C++
 * Programming Guide, "Technical Specifications per Compute Capability").
 */
record DeviceModel(Multiprocessor multiprocessor) {
  static final String NAME = "Software GPU (PTX in Java)";
  static final int DRIVER_VERSION = 12090;
  static final int MULTIPROCESSORS = 4;
  static final int THREADS_PER_BLOCK = 1024;
  static final int REGISTERS = 65536;
  static final int SHARED_PER_BLOCK = 48 << 10;
  private static final int WARP = 32;

  static DeviceModel of(int architecture) {
    return new DeviceModel(Multiprocessor.of(architecture));
  }

  /** Such as 86 for 8.6. */
  int capability() {
    return multiprocessor.architecture();
  }

  /** Bytes of shared memory that a block may have, asked for by attribute. */
  int sharedPerBlockOptin() {
    return multiprocessor.sharedBytes() - multiprocessor.reservedBytes();
  }

  int attribute(int attribute) {
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
      case CudaDriver.CU_DEVICE_ATTRIBUTE_WARP_SIZE -> WARP;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK,
          CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR ->
          REGISTERS;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_CLOCK_RATE -> 1; // kHz: nobody should plan with it
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT -> MULTIPROCESSORS;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE -> 0;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR ->
          multiprocessor.warps() * WARP;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR -> capability() / 10;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR -> capability() % 10;
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR ->
          multiprocessor.sharedBytes();
      case CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN ->
          sharedPerBlockOptin();
      default ->
          throw new CudaError(
              CudaDriver.CUDA_ERROR_INVALID_VALUE,
              "the software GPU has no device attribute " + attribute);
    };
  }

  /** Blocks that fit a multiprocessor at once: limited by threads, registers, shared memory. */
  int occupancy(int threads, int registers, int sharedBytes) {
    return multiprocessor.residentBlocks(threads, registers, sharedBytes);
  }
}
