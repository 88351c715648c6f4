package engine.backend.cpu.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Packs buffers that live for a part of a run into one block: each takes the lowest place that
 * nothing else uses in its lifetime, so a network keeps running through the same few cache-warm
 * pages.
 */
public final class BufferOffsets {
  private static final long ALIGN = 128;

  private record Taken(long offset, long bytes, int from, int to) {}

  private final List<Taken> taken = new ArrayList<>();
  private long size;

  /**
   * The offset of a buffer that is written in step {@code from} and read last in step {@code to}.
   */
  public long place(long bytes, int from, int to) {
    long need = Math.ceilDiv(bytes, ALIGN) * ALIGN;
    List<Taken> rivals = new ArrayList<>();
    for (Taken t : taken) {
      if (t.from <= to && from <= t.to) {
        rivals.add(t);
      }
    }
    rivals.sort((a, b) -> Long.compare(a.offset, b.offset));
    long offset = 0;
    for (Taken t : rivals) {
      if (t.offset - offset >= need) {
        break;
      }
      offset = Math.max(offset, t.offset + t.bytes);
    }
    taken.add(new Taken(offset, need, from, to));
    size = Math.max(size, offset + need);
    return offset;
  }

  /** Bytes of the whole block. */
  public long size() {
    return size;
  }
}
