package engine.backend.sim.memory;

import engine.base.UserError;
import engine.ffi.Libc;
import java.lang.foreign.MemorySegment;

/** Zero pages of the operating system, taken when they are first touched. */
final class Mapping implements AutoCloseable {
  /** All of the process's memory, for accesses by address that were checked before. */
  static final MemorySegment EVERYWHERE = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final long PAGE = 4096;

  final long address;
  private final long bytes;

  Mapping(long bytes) {
    this.bytes = (bytes + PAGE - 1) / PAGE * PAGE;
    int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE;
    address = Libc.mmap(0, this.bytes, Libc.PROT_READ_WRITE, flags, -1, 0);
    if (address == Libc.MAP_FAILED) {
      throw new UserError(
          "the software GPU cannot reserve %,d MiB of address space: give it less with -Dengine.sim.memory=MIB"
              .formatted(bytes >> 20));
    }
  }

  /** Gives whole pages inside the range back; they read as zero afterwards. */
  void forget(long offset, long length) {
    long from = (offset + PAGE - 1) / PAGE * PAGE;
    long to = (offset + length) / PAGE * PAGE;
    if (to > from) {
      Libc.madvise(address + from, to - from, Libc.MADV_DONTNEED);
    }
  }

  @Override
  public void close() {
    Libc.munmap(address, bytes);
  }
}
