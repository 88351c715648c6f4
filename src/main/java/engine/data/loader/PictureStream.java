package engine.data.loader;

import engine.base.UserError;
import engine.data.ReadFailure;
import engine.data.image.ImageDecoder;
import engine.data.image.PixelImage;
import engine.data.transform.Transform;
import engine.ffi.UncheckedNativeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Picture files decoded ahead of the consumer by threads of low priority, handed out in order, some
 * at a time. However many files there are, no more than {@value #AHEAD} batches are in memory
 * besides the consumer's own.
 */
public final class PictureStream implements Iterator<List<PictureStream.Picture>>, AutoCloseable {
  private static final int AHEAD = 2;

  private final Iterator<Path> files;
  private final List<Transform> preparations;
  private final int batch;
  private final ExecutorService workers;
  private final Queue<Future<Picture>> pending = new ArrayDeque<>();
  private long waitNanos;

  /**
   * A file that was read, or the reason why it could not be.
   *
   * @param views the picture as each preparation leaves it; empty if it could not be read
   * @param failure null if it could
   */
  public record Picture(Path file, List<PixelImage> views, String failure) {}

  /**
   * @param preparations each is applied to every picture
   * @param batch pictures handed out at a time
   * @param threads that decode, at least 1
   */
  public PictureStream(Iterator<Path> files, List<Transform> preparations, int batch, int threads) {
    this.files = files;
    this.preparations = List.copyOf(preparations);
    this.batch = batch;
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("decoder")
                    .unstarted(
                        () -> {
                          LowPriority.apply();
                          work.run();
                        }));
  }

  @Override
  public boolean hasNext() {
    return !pending.isEmpty() || files.hasNext();
  }

  /** The next pictures: a full batch, unless they are the last ones. */
  @Override
  public List<Picture> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    while (pending.size() < (AHEAD + 1) * batch && files.hasNext()) {
      Path file = files.next();
      pending.add(workers.submit(() -> read(file)));
    }
    long start = System.nanoTime();
    List<Picture> out = new ArrayList<>();
    while (out.size() < batch && !pending.isEmpty()) {
      out.add(finished(pending.remove()));
    }
    waitNanos += System.nanoTime() - start;
    return out;
  }

  /** Seconds that {@link #next} has waited for pictures: the consumer's idle time. */
  public double waitSeconds() {
    return waitNanos * 1e-9;
  }

  private static Picture finished(Future<Picture> f) {
    try {
      return f.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UserError known) {
        throw known;
      }
      throw new UserError("reading pictures failed: " + ReadFailure.of(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted while waiting for pictures", e);
    }
  }

  private Picture read(Path file) {
    try {
      PixelImage picture = ImageDecoder.decode(file, true);
      List<PixelImage> views = new ArrayList<>();
      for (Transform t : preparations) {
        views.add(t.apply(picture, new SplittableRandom(0)));
      }
      return new Picture(file, views, null);
    } catch (UncheckedNativeException e) {
      throw new UserError(e.getMessage(), e); // the library is missing: no fault of the picture's
    } catch (IOException | RuntimeException e) {
      String reason = ReadFailure.of(e);
      String prefix = file + ": ";
      return new Picture(
          file, List.of(), reason.startsWith(prefix) ? reason.substring(prefix.length()) : reason);
    }
  }

  /** Stops the threads after the pictures they are at. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
