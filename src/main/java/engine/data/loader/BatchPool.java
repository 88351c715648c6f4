package engine.data.loader;

import engine.base.UserError;
import engine.data.image.PixelImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed number of native pixel buffers that batches are made in and that return when a batch is
 * closed. The lock of the pool is the one lock of its loader: workers and consumer wait for {@link
 * #changed} under it.
 */
final class BatchPool implements AutoCloseable {
  final ReentrantLock lock = new ReentrantLock();

  /** Signalled when a buffer comes back, a batch is full, or the epoch ends. */
  final Condition changed = lock.newCondition();

  private static final long CACHE_LINE = 64;

  private final int batchSize;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Buffer> free = new ArrayDeque<>();
  private volatile Extent extent;
  private boolean closed;

  /** Height, width and channels that all samples share. */
  record Extent(int height, int width, int channels) {
    long bytes() {
      return (long) height * width * channels;
    }
  }

  /** Room for one batch; the memory comes with the first sample, whose size is not known before. */
  static final class Buffer {
    private MemorySegment memory;

    Buffer() {}

    Buffer(MemorySegment memory) {
      this.memory = memory;
    }

    MemorySegment memory() {
      return memory;
    }
  }

  BatchPool(int buffers, int batchSize) {
    this.batchSize = batchSize;
    for (int i = 0; i < buffers; i++) {
      free.add(new Buffer());
    }
  }

  /** The extent of every sample; null before the first. */
  Extent extent() {
    return extent;
  }

  /** A buffer, or null while all are lent. Call under {@link #lock}. */
  Buffer poll() {
    return free.poll();
  }

  /** Whether no buffer is left. Call under {@link #lock}. */
  boolean allLent() {
    return free.isEmpty();
  }

  void release(Buffer buffer) {
    lock.lock();
    try {
      free.add(buffer);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Copies {@code pixels} to place {@code slot} of {@code buffer}; {@code name} is for messages.
   */
  void write(Buffer buffer, int slot, PixelImage pixels, String name) {
    prepare(buffer, pixels);
    Extent got = new Extent(pixels.height(), pixels.width(), pixels.channels());
    if (!got.equals(extent)) {
      throw new UserError(
          "%s came out of the transforms as %dx%dx%d (H, W, C) but the first picture as %dx%dx%d: end them with a resize or crop to one size"
              .formatted(
                  name,
                  got.height,
                  got.width,
                  got.channels,
                  extent.height,
                  extent.width,
                  extent.channels));
    }
    long bytes = extent.bytes();
    MemorySegment.copy(MemorySegment.ofArray(pixels.data()), 0, buffer.memory, slot * bytes, bytes);
  }

  private void prepare(Buffer buffer, PixelImage first) {
    lock.lock();
    try {
      if (extent == null) {
        extent = new Extent(first.height(), first.width(), first.channels());
      }
      if (buffer.memory == null) {
        buffer.memory = arena.allocate(batchSize * extent.bytes(), CACHE_LINE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Frees the memory; batches that are still open can no longer be read. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }
}
