package engine.backend.sim.driver;

import engine.backend.sim.memory.Allocation;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.PtxException;
import engine.backend.sim.ptx.PtxParser;
import engine.ffi.CudaDriver;

/** Modules from PTX text, and the kernels and variables in them. */
final class ModuleCalls {
  private final SimDevice device;
  private final Handles<LoadedModule> modules = new Handles<>("CUmodule", 5);
  private final Handles<Function> functions = new Handles<>("CUfunction", 6);

  ModuleCalls(SimDevice device) {
    this.device = device;
  }

  void cuModuleLoadDataEx(long module, long image, int numOptions, long options, long values) {
    device.context.requireCurrent();
    device.streams.forbidDuringCapture("cuModuleLoadDataEx");
    HostMemory.notNull(module, "module");
    String text = HostMemory.string(image, "image");
    if (!text.contains(".version")) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_IMAGE,
          "the software GPU loads PTX text; this is a cubin or something else");
    }
    try {
      LoadedModule loaded = new LoadedModule(PtxParser.parse(text), device.memory);
      HostMemory.putLong(module, "module", modules.add(loaded));
    } catch (PtxException e) {
      log(e.getMessage(), numOptions, options, values);
      throw e;
    }
  }

  /** Writes a compile error into the buffer that the caller gave, if he did. */
  private static void log(String message, int numOptions, long options, long values) {
    long buffer = 0;
    int size = 0;
    for (int i = 0; i < numOptions; i++) {
      int option = HostMemory.getInt(options + 4L * i);
      long value = HostMemory.getLong(values + 8L * i);
      buffer = option == CudaDriver.CU_JIT_ERROR_LOG_BUFFER ? value : buffer;
      size = option == CudaDriver.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES ? (int) value : size;
    }
    if (buffer != 0 && size > 0) {
      HostMemory.putString(buffer, "the log", size, message);
    }
  }

  void cuModuleUnload(long hmod) {
    modules.remove(hmod).close();
  }

  void cuModuleGetFunction(long hfunc, long hmod, long name) {
    device.context.requireCurrent();
    HostMemory.notNull(hfunc, "hfunc");
    LoadedModule m = modules.get(hmod);
    Function f = new Function(m.kernel(HostMemory.string(name, "name")));
    HostMemory.putLong(hfunc, "hfunc", functions.add(f));
  }

  void cuModuleGetGlobal_v2(long dptr, long bytes, long hmod, long name) {
    device.context.requireCurrent();
    String variable = HostMemory.string(name, "name");
    Allocation a = modules.get(hmod).variable(variable);
    if (a == null) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_NOT_FOUND, "the module has no variable " + variable);
    }
    if (dptr != 0) {
      HostMemory.putLong(dptr, "dptr", a.offset() + DeviceMemory.BASE);
    }
    if (bytes != 0) {
      HostMemory.putLong(bytes, "bytes", a.bytes());
    }
  }

  Function function(long handle) {
    return functions.get(handle);
  }

  void cuFuncGetAttribute(long pi, int attrib, long hfunc) {
    Function f = functions.get(hfunc);
    HostMemory.putInt(
        pi,
        "pi",
        switch (attrib) {
          case CudaDriver.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK -> f.threadLimit();
          case CudaDriver.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES -> f.kernel.sharedBytes();
          case CudaDriver.CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES -> 0;
          case CudaDriver.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES -> f.kernel.localBytes();
          case CudaDriver.CU_FUNC_ATTRIBUTE_NUM_REGS -> f.kernel.liveRegisters();
          case CudaDriver.CU_FUNC_ATTRIBUTE_PTX_VERSION -> 75;
          case CudaDriver.CU_FUNC_ATTRIBUTE_BINARY_VERSION -> device.model.capability();
          case CudaDriver.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES -> f.dynamicLimit;
          default ->
              throw new CudaError(
                  CudaDriver.CUDA_ERROR_INVALID_VALUE,
                  "the software GPU has no function attribute " + attrib);
        });
  }

  void cuFuncSetAttribute(long hfunc, int attrib, int value) {
    Function f = functions.get(hfunc);
    if (attrib != CudaDriver.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_VALUE, "attribute %d cannot be set".formatted(attrib));
    }
    int most = device.model.sharedPerBlockOptin() - f.kernel.sharedBytes();
    if (value < 0 || value > most) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_VALUE,
          "%,d bytes of dynamic shared memory; at most %,d".formatted(value, most));
    }
    f.dynamicLimit = value;
  }

  void cuOccupancyMaxActiveBlocksPerMultiprocessor(
      long numBlocks, long func, int blockSize, long dynamicSMemSize) {
    Function f = functions.get(func);
    if (blockSize < 1 || blockSize > DeviceModel.THREADS_PER_BLOCK || dynamicSMemSize < 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_VALUE, "a block of %,d threads".formatted(blockSize));
    }
    long shared = f.kernel.sharedBytes() + dynamicSMemSize;
    int blocks =
        shared > device.model.sharedPerBlockOptin()
            ? 0
            : device.model.occupancy(blockSize, f.kernel.liveRegisters(), (int) shared);
    HostMemory.putInt(numBlocks, "numBlocks", blocks);
  }
}
