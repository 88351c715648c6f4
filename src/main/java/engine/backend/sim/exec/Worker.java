package engine.backend.sim.exec;

import engine.backend.sim.memory.DeviceMemory;

/** A CPU thread's place: the scratch memory for the block that it runs, and its race detector. */
final class Worker {
  /** What a block may have at most; the real devices' limits are below it. */
  static final int SHARED_LIMIT = 256 << 10;

  private static final long LOCAL_LIMIT = 64L << 20;

  /** Scratch bytes of a worker. */
  static final long SCRATCH = SHARED_LIMIT + LOCAL_LIMIT;

  private final DeviceMemory memory;
  private final long shared;
  private final RaceDetector races;

  Worker(DeviceMemory memory, int number, CrossBlockRaces crossBlock) {
    this.memory = memory;
    shared = memory.scratch() + number * SCRATCH;
    races = new RaceDetector(crossBlock);
  }

  RaceDetector races() {
    return races;
  }

  long shared() {
    return shared;
  }

  long local() {
    return shared + SHARED_LIMIT;
  }

  /** Makes a new block's shared and local memory uninitialised. */
  void openScratch(Grid grid) {
    if (grid.sharedBytes() > 0) {
      memory.close(shared, SHARED_LIMIT);
      memory.open(shared, grid.sharedBytes());
    }
    long local = grid.blockSize().count() * grid.kernel().localStride();
    if (local > 0) {
      memory.open(local(), local);
    }
  }
}
