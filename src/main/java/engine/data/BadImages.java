package engine.data;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pictures of one dataset that could not be read. Safe for several threads. A picture found bad
 * is not tried again in this run, and counts once however many epochs meet it.
 */
public final class BadImages {
  private final Dataset dataset;
  private final Limit limit;
  private final Map<Integer, BadImage> byIndex = new ConcurrentSkipListMap<>();

  /**
   * How many unreadable pictures a run goes on with: a share of all its pictures, or a single one.
   * Loaders of one run share it, so that a small validation side with two of them does not stop a
   * run of thousands.
   */
  public static final class Limit {
    private static final double ALLOWED_SHARE = 0.05;

    private final int pictures;
    private final boolean allowAny;
    private final AtomicInteger bad = new AtomicInteger();

    /**
     * @param pictures of the run, both sides together
     * @param allowAny whether to go on however many are unreadable
     */
    public Limit(int pictures, boolean allowAny) {
      this.pictures = pictures;
      this.allowAny = allowAny;
    }

    /** Counts one more; {@code latest} is for the message. */
    private void add(BadImage latest) {
      // A share of all, not of those met so far: two in the first batch of a large set must not
      // stop a run, and a broken set still stops early in its first epoch.
      int count = bad.incrementAndGet();
      if (!allowAny && count > Math.max(1, ALLOWED_SHARE * pictures)) {
        throw new UserError(
            "%,d of %s cannot be read, more than %.0f%%; one is %s: repair or remove them (train and eval go on with %s)"
                .formatted(
                    count,
                    Units.count(pictures, "picture"),
                    100 * ALLOWED_SHARE,
                    latest,
                    Setting.ALLOW_BAD_IMAGES));
      }
    }
  }

  /** One unreadable picture and why. */
  public record BadImage(String path, String reason) {
    @Override
    public String toString() {
      return path + ": " + reason;
    }
  }

  public BadImages(Dataset dataset, Limit limit) {
    this.dataset = dataset;
    this.limit = limit;
  }

  /** How many pictures have been found unreadable so far. */
  public int count() {
    return byIndex.size();
  }

  /** The unreadable pictures in the dataset's order. */
  public List<BadImage> list() {
    return List.copyOf(byIndex.values());
  }

  public boolean contains(int index) {
    return byIndex.containsKey(index);
  }

  /**
   * Notes picture {@code index} as unreadable; {@code reason} may begin with its path.
   *
   * @throws UserError if there are now more than a run may go on with
   */
  public void add(int index, String reason) {
    String path = dataset.name(index);
    String why = reason.startsWith(path + ": ") ? reason.substring(path.length() + 2) : reason;
    BadImage image = new BadImage(path, why);
    if (byIndex.putIfAbsent(index, image) == null) {
      limit.add(image);
    }
  }
}
