package engine.backend.sim.driver;

import engine.backend.sim.exec.KernelFault;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Copies from pinned memory that may still be under way, for all that the host knows. The copies
 * here are made at once; a real device makes them later, and finds what the host has written by
 * then. So what was copied must lie there unchanged until the host has waited.
 */
final class PinnedReads {
  private final StreamOrder order;
  private final List<Read> pending = new ArrayList<>();

  private record Read(Stream stream, long time, long from, long bytes, long checksum) {
    boolean overlaps(long start, long n) {
      return from < start + n && start < from + bytes;
    }
  }

  PinnedReads(StreamOrder order) {
    this.order = order;
  }

  /** Notes the copy that a stream has just been given. */
  void copied(Stream s, long from, long bytes) {
    check();
    pending.removeIf(r -> order.isOver(r.stream, r.time));
    pending.add(new Read(s, s.clock.of(s.number), from, bytes, checksum(from, bytes)));
  }

  /**
   * Before the host waits, and before it gives memory back.
   *
   * @throws KernelFault if the host has changed what a copy may still read
   */
  void check() {
    for (Read r : pending) {
      if (!order.isOver(r.stream, r.time) && checksum(r.from, r.bytes) != r.checksum) {
        throw new KernelFault(
            KernelFault.LAUNCH_FAILED,
            "a race of the host and a stream: the host changed the %,d bytes of pinned memory at 0x%x, from which cuMemcpyHtoDAsync on %s may still copy: wait for an event behind the copy first"
                .formatted(r.bytes, r.from, r.stream));
      }
    }
  }

  /**
   * Before a stream copies to pinned memory, which it may do behind copies from there.
   *
   * @throws KernelFault if nothing orders it behind them
   */
  void overwritten(Stream s, long from, long bytes) {
    check();
    for (Read r : pending) {
      boolean behind = s.clock.of(r.stream.number) >= r.time || order.isOver(r.stream, r.time);
      if (r.overlaps(from, bytes) && !behind) {
        throw new KernelFault(
            KernelFault.LAUNCH_FAILED,
            "a race of two streams: cuMemcpyDtoHAsync on %s writes pinned memory at 0x%x, which cuMemcpyHtoDAsync on %s reads, and neither an event nor a wait of the host orders the two"
                .formatted(s, from, r.stream));
      }
    }
    pending.removeIf(r -> r.overlaps(from, bytes));
  }

  /** Before pinned memory is freed. */
  void freed(long from, long bytes) {
    check();
    pending.removeIf(r -> r.overlaps(from, bytes));
  }

  private static long checksum(long from, long bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes; at += Integer.MAX_VALUE) {
      long n = Math.min(Integer.MAX_VALUE, bytes - at);
      crc.update(HostMemory.slice(from + at, n).asByteBuffer());
    }
    return crc.getValue();
  }
}
