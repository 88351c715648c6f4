package engine.train;

import engine.data.loader.Batch;
import engine.data.loader.Epoch;

/**
 * The batches of an epoch, of which the next one is on its way to the device while the one before
 * it is computed, where the device has memory of its own.
 */
final class BatchesAhead implements AutoCloseable {
  private final Epoch epoch;
  private final TrainingStep step;
  private Batch next;

  BatchesAhead(Epoch epoch, TrainingStep step) {
    this.epoch = epoch;
    this.step = step;
  }

  boolean hasNext() {
    return next != null || epoch.hasNext();
  }

  Batch next() {
    Batch b = next == null ? epoch.next() : next;
    next = null;
    return b;
  }

  /** Takes the next batch, if there is one, and begins to bring it to the device. */
  void fetch() {
    if (next == null && step.copiesAhead() && epoch.hasNext()) {
      next = epoch.next();
      step.stage(next);
    }
  }

  @Override
  public void close() {
    if (next != null) {
      next.close();
    }
    epoch.close();
  }
}
