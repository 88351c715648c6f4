package engine.backend.cuda.memory;

import engine.backend.cuda.driver.Gpu;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Host memory that the device copies from and to by itself. Uploads go through a ring of buffers:
 * the host fills one while the device still reads another, and waits only for a buffer whose last
 * copy is not done.
 */
public final class PinnedBuffers implements AutoCloseable {
  private static final int BUFFERS = 3;
  private static final long BYTES = 4 << 20;

  /** Bytes that {@link #downloadTogether} takes at most. */
  static final long TOGETHER = BYTES;

  private final Gpu gpu;
  private final MemorySegment[] buffers = new MemorySegment[BUFFERS];
  private final long[] events = new long[BUFFERS];
  private final boolean[] used = new boolean[BUFFERS];
  private int next;

  public PinnedBuffers(Gpu gpu) {
    this.gpu = gpu;
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = gpu.allocatePinned(BYTES);
      events[i] = gpu.event();
    }
  }

  /** Copies host memory of any kind to the device; returns when {@code from} may change again. */
  void upload(MemorySegment from, long to) {
    for (long at = 0; at < from.byteSize(); at += BYTES) {
      long n = Math.min(BYTES, from.byteSize() - at);
      int i = next;
      next = (next + 1) % BUFFERS;
      if (used[i]) {
        gpu.await(events[i]);
      }
      MemorySegment.copy(from, at, buffers[i], 0, n);
      gpu.errors.check(
          gpu.driver.cuMemcpyHtoDAsync_v2(to + at, buffers[i].address(), n, gpu.stream),
          "cuMemcpyHtoDAsync",
          n + " bytes");
      gpu.record(events[i]);
      used[i] = true;
    }
  }

  /**
   * Waits for all work and copies device memory to the host.
   *
   * @param word address of four bytes on the device that come along, in the same wait
   * @return what they hold
   */
  int download(long from, MemorySegment to, long word) {
    // Buffers may still feed uploads: same stream, so those are over before these copies.
    copy(word, buffers[1], Integer.BYTES);
    long at = 0;
    do {
      long n = Math.min(BYTES, to.byteSize() - at);
      copy(from + at, buffers[0], n);
      gpu.synchronize();
      MemorySegment.copy(buffers[0], 0, to, at, n);
      at += n;
    } while (at < to.byteSize());
    return buffers[1].get(ValueLayout.JAVA_INT, 0);
  }

  /** The same for small pieces of memory, with one wait for all. */
  int downloadTogether(List<Long> from, List<MemorySegment> to, long word) {
    copy(word, buffers[1], Integer.BYTES);
    long at = 0;
    for (int i = 0; i < from.size(); i++) {
      copy(from.get(i), buffers[0].asSlice(at), to.get(i).byteSize());
      at += to.get(i).byteSize();
    }
    gpu.synchronize();
    at = 0;
    for (MemorySegment m : to) {
      MemorySegment.copy(buffers[0], at, m, 0, m.byteSize());
      at += m.byteSize();
    }
    return buffers[1].get(ValueLayout.JAVA_INT, 0);
  }

  private void copy(long from, MemorySegment to, long bytes) {
    if (bytes > 0) {
      gpu.errors.check(
          gpu.driver.cuMemcpyDtoHAsync_v2(to.address(), from, bytes, gpu.stream),
          "cuMemcpyDtoHAsync",
          bytes + " bytes");
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < BUFFERS; i++) {
      gpu.destroyEvent(events[i]);
      gpu.freePinned(buffers[i]);
    }
  }
}
