package engine.backend.sim.exec;

import engine.backend.sim.memory.DeviceMemory;
import java.util.concurrent.atomic.AtomicLong;

/** A launch: a kernel, its sizes and its parameters, and how far it has got. */
final class Grid {
  private final CompiledKernel kernel;
  private final Dim gridSize;
  private final Dim blockSize;
  private final int dynamicShared;
  private final byte[] parameters;
  private final DeviceMemory memory;
  private final SimOptions options;
  private final AtomicLong nextBlock = new AtomicLong();
  private final int launch;
  private KernelFault fault;
  private volatile long faultyBlock = Long.MAX_VALUE;

  Grid(
      CompiledKernel kernel,
      Dim gridSize,
      Dim blockSize,
      int dynamicShared,
      byte[] parameters,
      DeviceMemory memory,
      SimOptions options,
      int launch) {
    this.kernel = kernel;
    this.gridSize = gridSize;
    this.blockSize = blockSize;
    this.dynamicShared = dynamicShared;
    this.parameters = parameters;
    this.memory = memory;
    this.options = options;
    this.launch = launch;
  }

  /** Runs blocks until none is left; each CPU thread of the launch calls it. */
  void work(Worker worker, Counters counters) {
    Block block = new Block(this, worker, counters);
    long blocks = gridSize.count();
    for (long b = nextBlock.getAndIncrement(); b < blocks; b = nextBlock.getAndIncrement()) {
      if (b > faultyBlock) {
        return;
      }
      try {
        block.run(b);
      } catch (Stopped e) {
        return;
      } catch (KernelFault f) {
        report(b, f);
      }
    }
  }

  /** Of several faults that of the first block counts, whichever thread was faster. */
  private synchronized void report(long block, KernelFault f) {
    if (block < faultyBlock) {
      faultyBlock = block;
      fault = f;
    }
  }

  /** Ends a block that comes after one which failed. */
  void checkStopped(long block) {
    if (block > faultyBlock) {
      throw new Stopped();
    }
  }

  /** Null if all went well. */
  synchronized KernelFault fault() {
    return fault;
  }

  CompiledKernel kernel() {
    return kernel;
  }

  Dim gridSize() {
    return gridSize;
  }

  Dim blockSize() {
    return blockSize;
  }

  int dynamicSharedBytes() {
    return dynamicShared;
  }

  /** Static and dynamic. */
  int sharedBytes() {
    return kernel.sharedBytes() + dynamicShared;
  }

  byte[] parameters() {
    return parameters;
  }

  DeviceMemory memory() {
    return memory;
  }

  SimOptions options() {
    return options;
  }

  /** Tells this launch from others. */
  int launch() {
    return launch;
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super(null, null, false, false);
    }
  }
}
