package engine.run;

import engine.base.CacheFolders;
import engine.base.UserError;
import engine.data.DataSource;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.ExcludedPictures;
import engine.data.Holdout;
import engine.data.Limited;
import engine.data.StratifiedSplit;
import engine.data.Subset;
import engine.data.image.PixelImage;
import engine.data.loader.PictureCache;
import engine.model.NetworkConfig;
import engine.picture.Normalization;
import engine.recipe.Augmentation;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** From a recipe to what a run is made of: the data, and the model's description. */
public final class RunSetup {
  private RunSetup() {}

  /** Threads that decode, at low priority: one a core. */
  public static int workers() {
    return Math.min(16, Runtime.getRuntime().availableProcessors());
  }

  /** What {@code --data} named, with a folder by its absolute path: a run goes on from anywhere. */
  public static String absolute(String data) {
    DataSource source = Datasets.source(data);
    String place = Datasets.place(data);
    if (place.isEmpty() || !source.packed() && !Datasets.isOwn(data)) {
      return data;
    }
    try {
      String absolute = Path.of(place).toAbsolutePath().normalize().toString();
      return Datasets.isOwn(data) ? absolute : source.name() + ":" + absolute;
    } catch (InvalidPathException e) {
      throw new UserError("'" + data + "' is no name that a folder can have: check it", e);
    }
  }

  /** Opens the recipe's data; warnings go to {@code say}. */
  public static Datasets.Split open(Recipe r, Consumer<String> say) {
    return open(r, null, excluded(r, null), say);
  }

  /**
   * The same for a run that goes on, without the pictures that it was begun without, whatever has
   * become of their list.
   *
   * @param run its folder
   */
  public static Datasets.Split openToGoOn(Path run, Recipe r, Consumer<String> say) {
    return open(r, null, excluded(r, run), say);
  }

  /**
   * The pictures that a run leaves out.
   *
   * @param run its folder, which keeps a list of them; null before there is one
   * @return null for none
   * @throws UserError if their list is gone
   */
  public static ExcludedPictures excluded(Recipe r, Path run) {
    if (r.data().exclude() == null) {
      return null;
    }
    Path kept = run == null ? null : run.resolve(RunFolder.EXCLUDED);
    return ExcludedPictures.read(
        kept != null && Files.isRegularFile(kept) ? kept : Path.of(r.data().exclude()));
  }

  /** Keeps in a new run's folder the list of what it leaves out. */
  public static void keepExcluded(Recipe r, RunFolder run) throws IOException {
    ExcludedPictures excluded = excluded(r, null);
    if (excluded != null) {
      excluded.write(run.root().resolve(RunFolder.EXCLUDED), root(r));
    }
  }

  /**
   * The same in the folder of what is made of a run.
   *
   * @param from the run's folder, or null
   */
  public static void keepExcluded(Recipe r, Path from, Path to) throws IOException {
    ExcludedPictures excluded = excluded(r, from);
    if (excluded != null) {
      excluded.write(to.resolve(RunFolder.EXCLUDED), root(r));
    }
  }

  private static String root(Recipe r) {
    return Datasets.isOwn(r.data().source()) ? Datasets.root(r.data().source()) : "";
  }

  /**
   * The same, on the sides that a run knows where the folder is that of the run, whatever has
   * become of it since.
   *
   * @param run folder of the run, which may have a list of its pictures, or null
   * @throws UserError also if none of what the run held out is left
   */
  public static Datasets.Split openAsIn(Path run, Recipe r, Consumer<String> say)
      throws IOException {
    PictureList list = run == null ? null : PictureList.read(run);
    return open(r, list == null ? null : new HeldOut(list), excluded(r, run), say);
  }

  private static Datasets.Split open(
      Recipe r, HeldOut sides, ExcludedPictures excluded, Consumer<String> say) {
    Holdout holdout = r.data().holdout(r.compute().seed());
    Datasets.Split all = Datasets.open(r.data().source(), CacheFolders::writable, holdout);
    all.warnings().forEach(w -> say.accept("warning: " + w));
    if (excluded != null) {
      all = excluded.from(all, root(r), say);
    }
    if (sides != null
        && Datasets.isOwn(r.data().source())
        && sides.isOf(Datasets.root(r.data().source()), all)) {
      all = sides.split(all, Datasets.root(r.data().source()), say);
    }
    Dataset pictures = all.train();
    if (r.data().cacheImages() > 0 && !Datasets.source(r.data().source()).packed()) {
      Path folder = CacheFolders.writable().resolve("pictures");
      pictures =
          new PictureCache(
              pictures, folder, r.data().cacheImages(), why -> say.accept("warning: " + why));
    }
    Dataset train = limited(pictures, r.data().limitTrain(), holdout.seed());
    Dataset val = limited(all.val(), r.data().limitVal(), holdout.seed());
    String description = all.description();
    if (train != pictures || val != all.val()) {
      description += ", limited to %,d and %,d".formatted(train.size(), val.size());
    }
    return new Datasets.Split(train, val, description, all.warnings());
  }

  /**
   * A stratified part of a dataset, the same for the same seed.
   *
   * @param limit pictures at most; 0 for all
   */
  public static Dataset limited(Dataset d, int limit, long seed) {
    if (limit == 0 || limit >= d.size()) {
      return d;
    }
    int classes = d.classNames().size();
    if (limit <= classes) {
      return new Limited(
          new Subset(
              d, IntStream.range(0, limit).map(i -> (int) ((long) i * d.size() / limit)).toArray()),
          d);
    }
    StratifiedSplit s = StratifiedSplit.of(d.labels(), classes, (double) limit / d.size(), seed);
    return new Limited(new Subset(d, s.val()), d);
  }

  /** The model that the recipe trains on this data. */
  public static ModelInfo info(Recipe r, Datasets.Split data) {
    boolean small = Datasets.source(r.data().source()).packed();
    return info(r, data.train().classNames(), small ? side(data) : 0);
  }

  /**
   * The model that the recipe trains on data with these classes.
   *
   * @param side of the pictures if all have one small size, else 0
   */
  public static ModelInfo info(Recipe r, List<String> classes, int side) {
    Normalization norm =
        r.augment().preparation().or(Datasets.source(r.data().source()).normalization());
    NetworkConfig network =
        NetworkConfig.of(r.model().name(), r.model().options(norm.channels(), classes.size()));
    return new ModelInfo(network, classes, Augmentation.evaluation(r, norm, side));
  }

  private static int side(Datasets.Split data) {
    try {
      PixelImage first = data.train().load(0);
      return Math.max(first.width(), first.height());
    } catch (IOException e) {
      throw new UserError("the first picture cannot be read: " + e.getMessage(), e);
    }
  }
}
