package engine.backend.sim.driver;

import engine.backend.sim.exec.CompiledKernel;
import java.util.List;

/** A kernel with what was set for it. */
final class Function {
  final CompiledKernel kernel;

  /** Dynamic shared memory that a launch may ask for. */
  int dynamicLimit;

  Function(CompiledKernel kernel) {
    this.kernel = kernel;
    dynamicLimit = DeviceModel.SHARED_PER_BLOCK - kernel.sharedBytes();
  }

  /** Threads that a block may have: what the kernel was compiled for, or the device's limit. */
  int threadLimit() {
    for (String limit : List.of("maxntid", "reqntid")) {
      List<Integer> sizes = kernel.ptx().limits().get(limit);
      if (sizes != null) {
        return sizes.stream().reduce(1, (a, b) -> a * b);
      }
    }
    return DeviceModel.THREADS_PER_BLOCK;
  }
}
