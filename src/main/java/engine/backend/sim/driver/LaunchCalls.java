package engine.backend.sim.driver;

import engine.backend.sim.exec.CompiledKernel;
import engine.backend.sim.exec.Dim;
import engine.backend.sim.memory.DeviceMemory;
import engine.ffi.CudaDriver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Launches. Parameters are copied when the call is made, as CUDA does it. */
final class LaunchCalls {
  private final SimDevice device;

  LaunchCalls(SimDevice device) {
    this.device = device;
  }

  void cuLaunchKernel(
      long f,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedMemBytes,
      long hStream,
      long kernelParams,
      long extra) {
    Function function = device.modules.function(f);
    Dim grid = new Dim(gridX, gridY, gridZ);
    Dim block = new Dim(blockX, blockY, blockZ);
    check(function, grid, block, sharedMemBytes);
    if (extra != 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_NOT_SUPPORTED, "the software GPU takes kernelParams, not extra");
    }
    CompiledKernel kernel = function.kernel;
    byte[] parameters = parameters(kernel, kernelParams);
    device.streams.submit(
        hStream,
        new Work(
            "kernel " + kernel.name(),
            uses(kernel, parameters),
            () ->
                device.processor.launch(
                    kernel, grid, block, sharedMemBytes, parameters, device.options())));
  }

  /** What parameters point to, those inside structs too. */
  private static List<Use> uses(CompiledKernel kernel, byte[] parameters) {
    MemorySegment block = MemorySegment.ofArray(parameters);
    List<Use> uses = new ArrayList<>();
    for (int i = 0; i < kernel.ptx().parameters().size(); i++) {
      boolean writes = kernel.writesThrough(i);
      int end = kernel.offset(i) + kernel.bytes(i);
      for (int at = (kernel.offset(i) + 7) / 8 * 8; at + 8 <= end; at += 8) {
        long value = block.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        if (value >= DeviceMemory.BASE) {
          uses.add(Use.through(value, writes));
        }
      }
    }
    return uses;
  }

  private static byte[] parameters(CompiledKernel kernel, long kernelParams) {
    byte[] block = new byte[kernel.parameterBytes()];
    int count = kernel.ptx().parameters().size();
    if (count > 0) {
      HostMemory.notNull(kernelParams, "kernelParams of " + kernel.name());
    }
    for (int i = 0; i < count; i++) {
      long pointer = HostMemory.getLong(kernelParams + 8L * i);
      HostMemory.notNull(pointer, "kernelParams[%d] of %s".formatted(i, kernel.name()));
      int bytes = kernel.bytes(i);
      MemorySegment.ofArray(block)
          .asSlice(kernel.offset(i), bytes)
          .copyFrom(HostMemory.slice(pointer, bytes));
    }
    return block;
  }

  private void check(Function f, Dim grid, Dim block, int shared) {
    String kernel = f.kernel.name();
    if (grid.x() < 1 || grid.y() < 1 || grid.z() < 1 || grid.y() > 65535 || grid.z() > 65535) {
      throw invalid(
          "%s: a grid of %s; each dimension needs at least 1, y and z at most 65,535"
              .formatted(kernel, grid));
    }
    if (block.x() < 1
        || block.y() < 1
        || block.z() < 1
        || block.x() > 1024
        || block.y() > 1024
        || block.z() > 64
        || block.count() > f.threadLimit()) {
      throw invalid(
          "%s: a block of %s threads; each dimension needs at least 1, all together at most %,d"
              .formatted(kernel, block, f.threadLimit()));
    }
    if (shared < 0 || shared > f.dynamicLimit) {
      throw invalid(
          "%s: %,d bytes of dynamic shared memory; %,d are allowed (raise it with cuFuncSetAttribute up to %,d)"
              .formatted(
                  kernel,
                  shared,
                  f.dynamicLimit,
                  device.model.sharedPerBlockOptin() - f.kernel.sharedBytes()));
    }
  }

  private static CudaError invalid(String reason) {
    return new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, reason);
  }
}
