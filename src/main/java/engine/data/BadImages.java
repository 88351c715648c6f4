package engine.data;

import engine.base.UserError;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The pictures of one dataset that could not be read. Safe for several threads. A picture found bad
 * is not tried again in this run, and counts once however many epochs meet it.
 */
public final class BadImages {
  /** A run goes on with up to this share of its pictures unreadable, or with a single one. */
  static final double ALLOWED_SHARE = 0.05;

  private final Dataset dataset;
  private final boolean allowAny;
  private final Map<Integer, BadImage> byIndex = new ConcurrentSkipListMap<>();

  /** One unreadable picture and why. */
  public record BadImage(String path, String reason) {
    @Override
    public String toString() {
      return path + ": " + reason;
    }
  }

  BadImages(Dataset dataset, boolean allowAny) {
    this.dataset = dataset;
    this.allowAny = allowAny;
  }

  /** How many pictures have been found unreadable so far. */
  public int count() {
    return byIndex.size();
  }

  /** The unreadable pictures in the dataset's order. */
  public List<BadImage> list() {
    return List.copyOf(byIndex.values());
  }

  boolean contains(int index) {
    return byIndex.containsKey(index);
  }

  /**
   * Notes picture {@code index} as unreadable; {@code reason} may begin with its path.
   *
   * @throws UserError if there are now more than a run may go on with
   */
  void add(int index, String reason) {
    String path = dataset.name(index);
    String why = reason.startsWith(path + ": ") ? reason.substring(path.length() + 2) : reason;
    byIndex.putIfAbsent(index, new BadImage(path, why));
    // The share is one of the whole dataset, not of the pictures met so far: two bad ones in the
    // first
    // batch of a large set must not stop a run, and a broken set still stops early in its first
    // epoch.
    if (!allowAny && count() > Math.max(1, ALLOWED_SHARE * dataset.size())) {
      throw new UserError(
          "%d of %d pictures cannot be read, more than %.0f%%; one is %s: repair or remove them, or pass --allow-bad-images"
              .formatted(count(), dataset.size(), 100 * ALLOWED_SHARE, byIndex.get(index)));
    }
  }
}
