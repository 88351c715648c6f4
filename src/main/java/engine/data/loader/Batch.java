package engine.data.loader;

import engine.picture.PictureDraw;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples ready for the network, in a buffer borrowed from the loader: {@link #close} gives it back
 * to be filled again, and the batch must not be used after that.
 */
public final class Batch implements AutoCloseable {
  private final BatchPool pool;
  private final BatchPool.Extent extent;
  private final int[] labels;
  private final int[] indices;
  private final List<PictureDraw> draws;
  private BatchPool.Buffer buffer;

  Batch(
      BatchPool pool,
      BatchPool.Buffer buffer,
      int[] labels,
      int[] indices,
      List<PictureDraw> draws) {
    this(pool, pool.extent(), buffer, labels, indices, draws);
  }

  private Batch(
      BatchPool pool,
      BatchPool.Extent extent,
      BatchPool.Buffer buffer,
      int[] labels,
      int[] indices,
      List<PictureDraw> draws) {
    this.pool = pool;
    this.extent = extent;
    this.buffer = buffer;
    this.labels = labels;
    this.indices = indices;
    this.draws = draws;
  }

  /**
   * A batch that no loader lends: closing it leaves the memory to whoever made it.
   *
   * @param pixels unsigned bytes (N, H, W, C) in native memory
   * @param labels the class of each of the N samples
   */
  public static Batch of(MemorySegment pixels, int height, int width, int channels, int[] labels) {
    BatchPool.Extent extent = new BatchPool.Extent(height, width, channels);
    if (pixels.byteSize() < labels.length * extent.bytes()) {
      throw new IllegalArgumentException(
          pixels.byteSize()
              + " bytes of pixels are too few for "
              + labels.length
              + " of "
              + extent);
    }
    int[] indices = IntStream.range(0, labels.length).toArray();
    List<PictureDraw> draws = Collections.nCopies(labels.length, PictureDraw.NONE);
    return new Batch(null, extent, new BatchPool.Buffer(pixels), labels, indices, draws);
  }

  /** The pixels: unsigned bytes (N, H, W, C), contiguous, in native memory aligned to 64 bytes. */
  public MemorySegment pixels() {
    if (buffer == null) {
      throw new IllegalStateException("this batch is closed and its buffer may be in use again");
    }
    return buffer.memory().asSlice(0, size() * extent.bytes());
  }

  /** [N, C, H, W], though the pixels lie otherwise. */
  public Shape shape() {
    return Shape.of(size(), channels(), height(), width());
  }

  /** Number of samples, at least 1; the last batch of an epoch may be smaller than the others. */
  public int size() {
    return indices.length;
  }

  public int height() {
    return extent.height();
  }

  public int width() {
    return extent.width();
  }

  public int channels() {
    return extent.channels();
  }

  /** The class of each sample. */
  public int[] labels() {
    return labels;
  }

  /** Which picture of the dataset each sample is; a replacement has its own number. */
  public int[] indices() {
    return indices;
  }

  /** What was drawn for each sample and is still to be done to it. */
  public List<PictureDraw> draws() {
    return draws;
  }

  /** Gives the buffer back; again is harmless. */
  @Override
  public void close() {
    if (buffer != null) {
      BatchPool.Buffer returned = buffer;
      buffer = null;
      if (pool != null) {
        pool.release(returned);
      }
    }
  }
}
