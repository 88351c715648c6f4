package engine.data.audit;

import engine.data.Dataset;
import engine.data.Datasets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * What was found.
 *
 * @param classes names in the order of the labels
 * @param train pictures of each class to train on
 * @param val pictures of each class to validate on
 * @param sizes of the pictures that can be read; null if none can
 * @param small pictures whose shorter side is below half of what the network takes, smallest first
 * @param broken what cannot be read, and why
 * @param groups of equal or nearly equal pictures, the largest first
 */
public record DataAudit(
    List<String> classes,
    int[] train,
    int[] val,
    Sizes sizes,
    List<Picture> small,
    List<Broken> broken,
    List<Group> groups) {

  /**
   * One side of a picture that is shorter than this share of the network's input is far too small.
   */
  private static final double LEAST_SHARE = 0.5;

  /**
   * A picture.
   *
   * @param index on its side
   * @param name its path, or its number in its file
   */
  public record Picture(boolean isVal, int index, String name, int label, int width, int height) {}

  /** A picture that cannot be read, with a sentence that says why. */
  public record Broken(boolean isVal, String name, String why) {}

  /** Widths and heights in pixels. */
  public record Sizes(
      int smallestWidth,
      int smallestHeight,
      int medianWidth,
      int medianHeight,
      int largestWidth,
      int largestHeight) {}

  /**
   * Pictures of which each is equal or nearly equal to another of them.
   *
   * @param equal whether all have the same pixels
   */
  public record Group(boolean equal, List<Picture> pictures) {
    /** Whether it has pictures of both sides, so that the validation sees what was trained on. */
    public boolean leaks() {
      return pictures.stream().map(Picture::isVal).distinct().count() > 1;
    }

    /** Whether it has pictures of several classes, of which all but one must be wrong. */
    public boolean contradicts() {
      return pictures.stream().map(Picture::label).distinct().count() > 1;
    }
  }

  /** Pictures of groups beyond the first of each. */
  public int repeated() {
    return groups.stream().mapToInt(g -> g.pictures().size() - 1).sum();
  }

  /** Validation pictures that are equal or nearly equal to one that is trained on. */
  public int leaked() {
    return (int)
        groups.stream()
            .filter(Group::leaks)
            .flatMap(g -> g.pictures().stream())
            .filter(Picture::isVal)
            .count();
  }

  /** Groups whose pictures are of several classes. */
  public int contradictions() {
    return (int) groups.stream().filter(Group::contradicts).count();
  }

  /**
   * Reads every picture.
   *
   * @param side of what the network takes, in pixels
   * @param workers threads that decode
   * @param progress is told how many are done, from any thread
   */
  public static DataAudit of(Datasets.Split data, int side, int workers, IntConsumer progress)
      throws InterruptedException {
    Dataset train = data.train();
    Dataset val = data.val();
    int n = train.size();
    Fingerprint[] prints = new Fingerprint[n + val.size()];
    String[] wrong = new String[prints.length];
    forEach(
        prints.length,
        workers,
        progress,
        i -> {
          try {
            prints[i] = Fingerprint.of(i < n ? train.load(i) : val.load(i - n));
          } catch (IOException e) {
            wrong[i] = e.getMessage();
          }
        });
    List<Picture> pictures = new ArrayList<>();
    List<Broken> broken = new ArrayList<>();
    for (int i = 0; i < prints.length; i++) {
      Dataset from = i < n ? train : val;
      int at = i < n ? i : i - n;
      Fingerprint p = prints[i];
      pictures.add(
          new Picture(
              i >= n,
              at,
              from.name(at),
              from.label(at),
              p == null ? 0 : p.width(),
              p == null ? 0 : p.height()));
      if (p == null) {
        broken.add(new Broken(i >= n, from.name(at), wrong[i]));
      }
    }
    List<Group> groups =
        Duplicates.groups(prints).stream()
            .map(
                g ->
                    new Group(
                        Duplicates.areEqual(prints, g), g.stream().map(pictures::get).toList()))
            .sorted(Comparator.comparingInt((Group g) -> g.pictures().size()).reversed())
            .toList();
    List<Picture> readable = pictures.stream().filter(p -> p.width() > 0).toList();
    return new DataAudit(
        train.classNames(),
        counts(train),
        counts(val),
        sizes(readable),
        readable.stream()
            .filter(p -> Math.min(p.width(), p.height()) < LEAST_SHARE * side)
            .sorted(Comparator.comparingInt(p -> Math.min(p.width(), p.height())))
            .toList(),
        List.copyOf(broken),
        groups);
  }

  private static int[] counts(Dataset d) {
    int[] counts = new int[d.classNames().size()];
    for (int label : d.labels()) {
      counts[label]++;
    }
    return counts;
  }

  private static Sizes sizes(List<Picture> pictures) {
    if (pictures.isEmpty()) {
      return null;
    }
    int[] w = pictures.stream().mapToInt(Picture::width).sorted().toArray();
    int[] h = pictures.stream().mapToInt(Picture::height).sorted().toArray();
    return new Sizes(
        w[0], h[0], w[w.length / 2], h[h.length / 2], w[w.length - 1], h[h.length - 1]);
  }

  private static void forEach(int n, int workers, IntConsumer progress, IntConsumer work)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, workers))) {
      List<Future<?>> all =
          IntStream.range(0, Math.max(1, workers))
              .<Future<?>>mapToObj(
                  _ ->
                      threads.submit(
                          () -> {
                            for (int i;
                                (i = next.getAndIncrement()) < n && !Thread.interrupted(); ) {
                              work.accept(i);
                              progress.accept(done.incrementAndGet());
                            }
                          }))
              .toList();
      try {
        for (Future<?> f : all) {
          f.get();
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException r) {
          throw r;
        } else if (e.getCause() instanceof Error r) {
          throw r;
        }
        throw new IllegalStateException(e.getCause());
      } finally {
        threads.shutdownNow();
      }
    }
  }
}
