package engine.backend.cpu.runtime;

import engine.backend.Recording;
import java.util.List;

/** Kernels with their addresses bound, and the memory that is theirs. */
public final class CpuRecording implements Recording {
  private final Runnable[] kernels;
  private final MemoryRanges reserved;
  private final HugeArena arena;
  private boolean closed;

  public CpuRecording(List<Runnable> kernels, MemoryRanges reserved, HugeArena arena) {
    this.kernels = kernels.toArray(Runnable[]::new);
    this.reserved = reserved;
    this.arena = arena;
    reserved.forEach(arena::reserve);
  }

  @Override
  public void replay() {
    if (closed) {
      throw new IllegalStateException(
          "this recording was closed: its memory may be in use by others");
    }
    for (Runnable k : kernels) {
      k.run();
    }
  }

  @Override
  public int kernels() {
    return kernels.length;
  }

  @Override
  public long reservedBytes() {
    return reserved.bytes();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      reserved.forEach(arena::free);
    }
  }
}
