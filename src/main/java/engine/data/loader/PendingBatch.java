package engine.data.loader;

import engine.data.Dataset;
import engine.data.loader.BatchPool.Buffer;
import engine.picture.PictureDraw;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A batch that workers are filling, one slot each at a time. All state is guarded by the pool's
 * lock.
 */
final class PendingBatch {
  private static final int LEFT_OUT = -1;

  final Buffer buffer;

  /** Position of the first slot in the epoch's order. */
  final int start;

  private final int[] indices;
  private final PictureDraw[] draws;
  private int claimed;
  private int finished;
  private int failedSlot = Integer.MAX_VALUE;
  private Throwable failure;

  PendingBatch(Buffer buffer, int start, int slots) {
    this.buffer = buffer;
    this.start = start;
    this.indices = new int[slots];
    Arrays.fill(indices, LEFT_OUT);
    this.draws = new PictureDraw[slots];
  }

  boolean allClaimed() {
    return claimed == indices.length;
  }

  int claim() {
    return claimed++;
  }

  /**
   * @param draw what is still to be done to the sample
   */
  void finish(int slot, int index, PictureDraw draw) {
    indices[slot] = index;
    draws[slot] = draw;
    finished++;
  }

  void leaveOut() {
    finished++;
  }

  /** Of several failures the one of the lowest slot is told, whichever thread came first. */
  void fail(int slot, Throwable e) {
    finished++;
    if (slot < failedSlot) {
      failedSlot = slot;
      failure = e;
    }
  }

  boolean isFinished() {
    return finished == indices.length;
  }

  boolean isEmpty() {
    return failure == null && Arrays.stream(indices).allMatch(i -> i == LEFT_OUT);
  }

  /** Null if all went well. */
  Throwable failure() {
    return failure;
  }

  /** The finished batch, closed up over the slots that were left out. */
  Batch toBatch(BatchPool pool, Dataset dataset) {
    long bytes = pool.extent().bytes();
    MemorySegment memory = buffer.memory();
    int[] kept = new int[indices.length];
    int n = 0;
    for (int slot = 0; slot < indices.length; slot++) {
      if (indices[slot] == LEFT_OUT) {
        continue;
      }
      if (n < slot) {
        MemorySegment.copy(memory, slot * bytes, memory, n * bytes, bytes);
      }
      draws[n] = draws[slot];
      kept[n++] = indices[slot];
    }
    kept = Arrays.copyOf(kept, n);
    int[] labels = Arrays.stream(kept).map(dataset::label).toArray();
    return new Batch(pool, buffer, labels, kept, List.of(Arrays.copyOf(draws, n)));
  }
}
