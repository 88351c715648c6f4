package engine.data;

import engine.base.SettingError;
import engine.base.UserError;
import engine.console.Units;
import engine.data.demo.DemoDataset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The table of data sources, and the way from what {@code --data} names to one of them. A source is
 * added by its file and a line here; see {@code docs/adding/data-source.md}.
 *
 * <ul>
 *   <li>{@code demo} or {@code demo:N}: the generated set, with N training pictures a class; made
 *       on first use
 *   <li>{@code fashion-mnist} or {@code fashion-mnist:DIR}; its test files are the validation side
 *   <li>{@code cifar10:DIR}; likewise
 *   <li>a {@code .csv} or {@code .tsv} file with a row a picture, see {@link PictureTable}
 *   <li>a folder with {@code train} and {@code val} (or names like these, see {@link SplitSides})
 *       of class folders, or with class folders only, of which a stratified share is held out
 * </ul>
 */
public final class Datasets {
  private static final List<DataSource> SOURCES =
      List.of(DemoSource.SOURCE, FashionMnist.SOURCE, Cifar10.SOURCE);

  private Datasets() {}

  /**
   * The two sides of a data source.
   *
   * @param description one line for the user: what it is and how many pictures each side has
   * @param warnings sentences the user should see
   */
  public record Split(Dataset train, Dataset val, String description, List<String> warnings) {
    /** With a warning more where the classes are of uneven size. */
    static Split of(String what, Dataset train, Dataset val, List<String> warnings) {
      List<String> all = new ArrayList<>(warnings);
      ClassBalance.of(train).warning().ifPresent(all::add);
      int classes = train.classNames().size();
      String description =
          "%s: %s, %s to train on, %,d to validate"
              .formatted(
                  what,
                  Units.count(classes, "class"),
                  Units.count(train.size(), "picture"),
                  val.size());
      return new Split(train, val, description, List.copyOf(all));
    }

    /**
     * The same with the classes, and so the labels, of a model; null if they are others. Their
     * order and the Unicode form of their names may differ.
     */
    public Split withClasses(List<String> classes) {
      Dataset t = Relabelled.of(train, classes);
      Dataset v = Relabelled.of(val, classes);
      return t == null || v == null ? null : new Split(t, v, description, warnings);
    }
  }

  /** What {@code --data} takes beside a folder, for people. */
  public static List<String> usages() {
    return Stream.concat(SOURCES.stream(), Stream.of(TableSource.SOURCE))
        .map(DataSource::usage)
        .toList();
  }

  /**
   * The source that {@code spec} names: of those known by name, a table, or a folder.
   *
   * @throws SettingError if it is empty
   */
  public static DataSource source(String spec) {
    if (spec.isBlank()) { // else the folder that the command runs in
      throw new SettingError(
          "the name of the data is empty: name a folder of class folders, or demo");
    }
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    return SOURCES.stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseGet(
            () ->
                PictureTable.isNamedSo(spec) && !isDirectory(spec)
                    ? TableSource.SOURCE
                    : FolderSource.SOURCE);
  }

  private static boolean isDirectory(String spec) {
    try {
      return Files.isDirectory(Path.of(spec));
    } catch (InvalidPathException e) {
      return false; // said when it is opened
    }
  }

  /**
   * Whether {@code spec} names pictures of the user's own, a folder or a table of files, and none
   * of the sets known by name.
   */
  public static boolean isOwn(String spec) {
    DataSource source = source(spec);
    return source == FolderSource.SOURCE || source == TableSource.SOURCE;
  }

  /** The folder that own pictures are named from: itself, or that of the table. */
  public static String root(String spec) {
    Path folder = source(spec) == TableSource.SOURCE ? Path.of(spec).getParent() : Path.of(spec);
    return folder == null ? "." : folder.toString();
  }

  /** The folder that {@code spec} names by itself or after a colon; empty if there is none. */
  public static String place(String spec) {
    String name = source(spec).name();
    return name.isEmpty() ? spec : spec.substring(Math.min(spec.length(), name.length() + 1));
  }

  /**
   * Opens a data source.
   *
   * @param cache folder that generated data may live in, asked for only where it is needed
   * @param seed chooses the held-out pictures
   * @param valFraction share of pictures to hold out where the source has no validation side
   * @throws UserError in one sentence if the source cannot be used
   */
  public static Split open(String spec, Supplier<Path> cache, long seed, double valFraction) {
    return open(spec, cache, seed, valFraction, (_, _) -> {});
  }

  /**
   * The same; {@code progress} is told of pictures drawn, when the demo set has to be made first.
   */
  public static Split open(
      String spec,
      Supplier<Path> cache,
      long seed,
      double valFraction,
      DemoDataset.Progress progress) {
    return open(spec, cache, new Holdout(seed, valFraction, null), progress);
  }

  /** The same with what is held out chosen in whatever way. */
  public static Split open(String spec, Supplier<Path> cache, Holdout holdout) {
    return open(spec, cache, holdout, (_, _) -> {});
  }

  private static Split open(
      String spec, Supplier<Path> cache, Holdout holdout, DemoDataset.Progress progress) {
    try {
      DataSource source = source(spec);
      Split split =
          source.opener().open(new DataSource.Request(place(spec), cache, holdout, progress));
      return source.packed() && holdout.fold() != null
          ? holdout.split(source.name(), split.train(), split.warnings())
          : split;
    } catch (InvalidPathException e) {
      throw new UserError("'" + spec + "' is no name that a folder can have: check it", e);
    }
  }
}
