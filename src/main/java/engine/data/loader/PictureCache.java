package engine.data.loader;

import engine.data.Dataset;
import engine.data.image.PixelImage;
import engine.data.transform.Transforms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * A dataset of picture files whose decoded pixels are kept in one file, so that every epoch but the
 * first only copies them. Pictures are made smaller until their shorter side is at most a bound;
 * those that are small enough are kept as they are. A picture whose file has another size or time
 * of change than when it was decoded is decoded again. What was kept outlives the run, and a run
 * that dies leaves only whole pictures behind: each carries a checksum.
 *
 * <p>Where nothing can be kept (disk full, folder read-only, another run at work on the same file)
 * pictures are decoded as without a cache, and a warning says so once.
 */
public final class PictureCache implements Dataset {
  private final Dataset files;
  private final int bound;
  private final Consumer<String> warn;
  private volatile PictureStore store;
  private boolean stopped;

  /**
   * @param files whose names are paths
   * @param folder that the cache file goes to; made if it is missing
   * @param bound most pixels of the shorter side, at least 1
   * @param warn told in one sentence when nothing more is kept
   */
  public PictureCache(Dataset files, Path folder, int bound, Consumer<String> warn) {
    this.files = files;
    this.bound = bound;
    this.warn = warn;
    Path file = folder.resolve(key() + ".pictures");
    try {
      Files.createDirectories(folder);
      store = PictureStore.open(file, files.size());
    } catch (IOException e) {
      stop(file.toString(), e);
    }
  }

  /** The same pictures in the same order with the same bound share a file. */
  private String key() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(("bound " + bound + "\n").getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < files.size(); i++) {
        sha.update((files.name(i) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private synchronized void stop(String where, IOException e) {
    if (stopped) {
      return;
    }
    stopped = true;
    store = null;
    warn.accept(
        "pictures are decoded anew in every epoch: %s: %s".formatted(where, e.getMessage()));
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public int label(int i) {
    return files.label(i);
  }

  @Override
  public PixelImage load(int i) throws IOException {
    PictureStore kept = store;
    if (kept == null) {
      return bounded(files.load(i));
    }
    try {
      PictureStore.Stamp stamp = PictureStore.Stamp.of(Path.of(files.name(i)));
      PixelImage known = get(kept, i, stamp);
      return known != null ? known : put(kept, i, stamp, bounded(files.load(i)));
    } catch (NoSuchFileException e) {
      return bounded(files.load(i)); // which says what is wrong
    }
  }

  private PixelImage get(PictureStore kept, int i, PictureStore.Stamp stamp) {
    try {
      return kept.get(i, stamp);
    } catch (IOException e) {
      stop(kept.toString(), e);
      return null;
    }
  }

  private PixelImage put(PictureStore kept, int i, PictureStore.Stamp stamp, PixelImage picture) {
    try {
      kept.put(i, stamp, picture);
    } catch (IOException e) {
      stop(kept.toString(), e);
    }
    return picture;
  }

  private PixelImage bounded(PixelImage picture) {
    return Math.min(picture.width(), picture.height()) <= bound
        ? picture
        : Transforms.apply(Transforms.resize(bound), picture);
  }

  @Override
  public List<String> classNames() {
    return files.classNames();
  }

  @Override
  public String name(int i) {
    return files.name(i);
  }
}
