package engine.data.loader;

import engine.base.UserError;
import engine.data.ReadFailure;
import engine.data.loader.BatchPool.Buffer;
import engine.data.loader.DataLoader.Config;
import engine.data.loader.SampleReader.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One pass over a dataset: hands out batches in order while workers fill the next ones. For one
 * consumer thread, which closes each batch when done with it, and the epoch at the end or before.
 */
public final class Epoch implements Iterator<Batch>, AutoCloseable {
  private final Config config;
  private final SampleReader reader;
  private final BatchPool pool;
  private final int epoch;
  private final int[] order;
  private final int batches;
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean closed;
  private long waitNanos;

  // Guarded by the pool's lock: batches begun and not yet handed out, in order.
  private final ArrayDeque<PendingBatch> begun = new ArrayDeque<>();
  private PendingBatch filling;
  private int nextBatch;

  private record Ticket(PendingBatch batch, int slot) {}

  Epoch(
      Config config,
      SampleReader reader,
      BatchPool pool,
      int epoch,
      int[] order,
      int batches,
      int skipBatches) {
    if (skipBatches < 0 || skipBatches > batches) {
      throw new IllegalArgumentException(
          "cannot skip " + skipBatches + " of an epoch's " + batches + " batches");
    }
    this.config = config;
    this.reader = reader;
    this.pool = pool;
    this.epoch = epoch;
    this.order = order;
    this.batches = batches;
    this.nextBatch = skipBatches;
  }

  void start() {
    for (int i = 1; i <= config.workers(); i++) {
      workers.add(Thread.ofPlatform().daemon().name("loader-" + i).start(this::workInBackground));
    }
  }

  /**
   * Whether another batch follows; waits until it is ready, since a batch of which nothing could be
   * read is passed over.
   *
   * @throws UserError if the next batch cannot be made; the epoch is then closed
   */
  @Override
  public boolean hasNext() {
    long from = System.nanoTime();
    try {
      return !closed && awaitHead() != null;
    } finally {
      waitNanos += System.nanoTime() - from;
    }
  }

  /**
   * The next batch; close it to give its buffer back. At most {@code prefetch} batches may be open
   * at once.
   *
   * @throws UserError if it cannot be made; the epoch is then closed
   */
  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException(closed ? "the epoch is closed" : "the epoch is over");
    }
    pool.lock.lock();
    try {
      return begun.remove().toBatch(pool, reader.dataset());
    } finally {
      pool.lock.unlock();
    }
  }

  /**
   * Seconds that {@code hasNext} and {@code next} have waited for pictures: the consumer's idle
   * time.
   */
  public double waitSeconds() {
    return waitNanos * 1e-9;
  }

  /**
   * Stops the workers after the picture they are at and takes the buffers back. Open batches stay
   * readable.
   */
  @Override
  public void close() {
    pool.lock.lock();
    try {
      closed = true;
      pool.changed.signalAll();
    } finally {
      pool.lock.unlock();
    }
    joinWorkers();
    while (!begun.isEmpty()) {
      pool.release(begun.remove().buffer);
    }
  }

  boolean isClosed() {
    return closed;
  }

  private void workInBackground() {
    LowPriority.apply();
    work();
  }

  private void joinWorkers() {
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next batch with anything in it, finished; null when the epoch is over. */
  private PendingBatch awaitHead() {
    while (true) {
      PendingBatch head = config.workers() == 0 ? fillHead() : waitForHead();
      if (head == null || (head.failure() == null && !head.isEmpty())) {
        return head;
      }
      if (head.failure() != null) {
        close();
        throw asUserError(head.failure());
      }
      pool.release(begun.remove().buffer);
    }
  }

  private PendingBatch waitForHead() {
    pool.lock.lock();
    try {
      while (true) {
        PendingBatch head = begun.peek();
        if (head == null && nextBatch == batches) {
          return null;
        }
        if (head != null && head.isFinished()) {
          return head;
        }
        if (head == null && pool.allLent()) {
          throw tooManyOpen();
        }
        pool.changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted while waiting for pictures", e);
    } finally {
      pool.lock.unlock();
    }
  }

  private PendingBatch fillHead() {
    while (begun.isEmpty() || !begun.peek().isFinished()) {
      Ticket ticket = claim(false);
      if (ticket == null && nextBatch < batches) {
        throw tooManyOpen();
      }
      if (ticket == null) {
        return null;
      }
      fill(ticket);
    }
    return begun.peek();
  }

  private IllegalStateException tooManyOpen() {
    return new IllegalStateException(
        "all " + (config.prefetch() + 1) + " batches are open: close one before asking for more");
  }

  private void work() {
    for (Ticket ticket = claim(true); ticket != null; ticket = claim(true)) {
      fill(ticket);
    }
  }

  /** The next slot to fill; null if there is none: any more, or, unless {@code wait}, now. */
  private Ticket claim(boolean wait) {
    pool.lock.lock();
    try {
      while (!closed) {
        if (filling != null && !filling.allClaimed()) {
          return new Ticket(filling, filling.claim());
        }
        if (nextBatch == batches) {
          return null;
        }
        Buffer buffer = pool.poll();
        if (buffer != null) {
          int start = nextBatch++ * config.batchSize();
          filling =
              new PendingBatch(buffer, start, Math.min(config.batchSize(), order.length - start));
          begun.add(filling);
        } else if (wait) {
          pool.changed.awaitUninterruptibly();
        } else {
          return null;
        }
      }
      return null;
    } finally {
      pool.lock.unlock();
    }
  }

  private void fill(Ticket ticket) {
    PendingBatch batch = ticket.batch;
    Sample sample = null;
    Throwable failure = null;
    try {
      sample = reader.read(epoch, order, batch.start + ticket.slot, () -> closed);
      if (sample != null) {
        pool.write(
            batch.buffer, ticket.slot, sample.pixels(), reader.dataset().name(sample.index()));
      }
    } catch (Throwable e) {
      failure = e;
    }
    pool.lock.lock();
    try {
      if (failure != null) {
        batch.fail(ticket.slot, failure);
      } else if (sample != null) {
        batch.finish(ticket.slot, sample.index(), sample.draw());
      } else {
        batch.leaveOut();
      }
      if (batch.isFinished()) {
        pool.changed.signalAll();
      }
    } finally {
      pool.lock.unlock();
    }
  }

  private static UserError asUserError(Throwable e) {
    return e instanceof UserError known
        ? known
        : new UserError("the data loader failed: " + ReadFailure.of(e), e);
  }
}
