package engine.data.demo;

import engine.base.UserError;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes the demo set: {@code train/CLASS/NNNN.jpg} and {@code val/CLASS/NNNN.jpg}, synthetic
 * pictures of ten natural scenes. The same arguments give the same files, byte for byte, on the
 * same JDK.
 */
public final class DemoDataset {
  public static final int DEFAULT_PER_CLASS = 160;

  /** Width in pixels; pictures are three quarters as high. */
  public static final int DEFAULT_SIZE = 160;

  public static final long DEFAULT_SEED = 1;

  /** Goes up whenever the same arguments would draw different pictures. */
  private static final int VERSION = 2;

  private static final float JPEG_QUALITY = .9f;
  private static final int VAL_SHARE = 4;

  private DemoDataset() {}

  /** Is told as pictures are finished. */
  public interface Progress {
    void drawn(int done, int total);
  }

  /** Number of pictures with {@code perClass} training pictures a class, validation included. */
  public static int pictures(int perClass) {
    return Scene.values().length * (perClass + validation(perClass));
  }

  /** As {@link #generate(Path, int, int, long, Progress)}, without a report. */
  public static Path generate(Path folder, int perClass, int imageSize, long seed) {
    return generate(folder, perClass, imageSize, seed, (_, _) -> {});
  }

  /**
   * Makes sure that {@code folder} holds the set; draws it, on all cores, unless it is there in
   * full already. It is written beside and renamed: no reader sees half a set.
   *
   * @param perClass training pictures a class; validation has a quarter as many, at least one
   * @param imageSize width in pixels, even and at least 16
   * @param progress called from several threads
   * @return {@code folder}
   * @throws UserError in one sentence if it cannot be written, or holds something else
   */
  public static Path generate(
      Path folder, int perClass, int imageSize, long seed, Progress progress) {
    if (perClass < 1 || imageSize < 16 || imageSize % 4 != 0) {
      throw new UserError(
          "the demo set needs at least 1 picture a class and a width of 16 or more that 4 divides, not %d and %d"
              .formatted(perClass, imageSize));
    }
    DemoFolder target =
        new DemoFolder(
            folder.toAbsolutePath(),
            "engine demo set, version %d, %d a class, %d pixels, seed %d"
                .formatted(VERSION, perClass, imageSize, seed),
            pictures(perClass));
    try {
      if (!target.isComplete()) {
        target.refuseForeign();
        Path temporary = target.temporary();
        try {
          draw(temporary, perClass, imageSize, seed, progress);
          target.publish(temporary);
        } finally {
          if (Files.exists(temporary)) {
            DemoFolder.delete(temporary);
          }
        }
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot write the demo set to %s (%s): make room and permission there, or set ENGINE_CACHE to a folder of yours"
              .formatted(folder, reason(e)),
          e);
    }
    return folder;
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "no permission to write there"
        : e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : String.valueOf(e.getMessage());
  }

  private static int validation(int perClass) {
    return Math.max(1, perClass / VAL_SHARE);
  }

  private static void draw(Path root, int perClass, int size, long seed, Progress progress)
      throws IOException {
    AtomicInteger done = new AtomicInteger();
    int total = pictures(perClass);
    List<Future<?>> jobs = new ArrayList<>();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("demo-", 1).factory())) {
      for (Scene scene : Scene.values()) {
        Path train = Files.createDirectories(root.resolve("train").resolve(scene.className()));
        Path val = Files.createDirectories(root.resolve("val").resolve(scene.className()));
        for (int i = 0; i < perClass + validation(perClass); i++) {
          int number = i;
          Path file = (i < perClass ? train : val).resolve("%04d.jpg".formatted(i));
          jobs.add(
              pool.submit(
                  () -> {
                    PixelImage picture = DemoPictures.draw(scene, number, size, seed);
                    Jpeg.write(picture, file, JPEG_QUALITY);
                    progress.drawn(done.incrementAndGet(), total);
                    return null;
                  }));
        }
      }
      await(jobs, pool);
    }
  }

  private static void await(List<Future<?>> jobs, ExecutorService pool) throws IOException {
    try {
      for (Future<?> job : jobs) {
        job.get();
      }
    } catch (ExecutionException e) {
      pool.shutdownNow();
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException("the demo set cannot be drawn", e.getCause());
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new UserError("interrupted while drawing the demo set", e);
    }
  }
}
