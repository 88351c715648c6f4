package engine.data;

import engine.base.Setting;
import engine.base.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What of a data source a finished model is judged on.
 *
 * @param pictures with the model's labels
 * @param whole whether the source has no sides, so that these are all its pictures
 * @param warnings sentences the user should see
 */
public record PicturesToJudge(Dataset pictures, boolean whole, List<String> warnings) {
  private static final double DEFAULT_FRACTION = 0.2;

  /**
   * Opens a side of a source; all of a source without sides.
   *
   * @param spec as {@code --data} names it
   * @param side the wanted one
   * @param cache folder that generated data may live in
   * @throws UserError if there is no such side, or if its classes are others
   */
  public static PicturesToJudge of(
      String spec, Side side, KnownClasses classes, Supplier<Path> cache) {
    try {
      DataSource source = Datasets.source(spec);
      if (source == TableSource.SOURCE) {
        return ofTable(Path.of(spec), side, classes);
      }
      return source == FolderSource.SOURCE
          ? ofFolder(Path.of(spec), side, classes)
          : ofSplit(spec, side, classes, cache);
    } catch (InvalidPathException e) {
      throw new UserError("'" + spec + "' is no name that a file can have: check it", e);
    }
  }

  /** Whether a folder or a table has no sides, so that a run which was made of it split it. */
  public static boolean isWhole(String spec) {
    DataSource source = Datasets.source(spec);
    if (source == TableSource.SOURCE) {
      return PictureTable.read(Path.of(spec)).split() == null;
    }
    return source == FolderSource.SOURCE && SplitSides.of(Path.of(spec)) == null;
  }

  private static PicturesToJudge ofTable(Path file, Side side, KnownClasses classes) {
    PictureTable table = PictureTable.read(file);
    List<String> warnings = new ArrayList<>(table.warnings());
    List<PictureTable.Row> rows = TableSource.side(table, side);
    if (table.split() != null && side == Side.VAL && rows.isEmpty()) {
      rows = TableSource.side(table, Side.TEST);
    }
    if (side != Side.TEST && table.isOnlyTrain()) {
      return ofSplit(file.toString(), side, classes, null);
    }
    if (rows.isEmpty()) {
      throw none(file, side);
    }
    Dataset data = classes.of(TableSource.ownClasses(rows), file, warnings);
    return new PicturesToJudge(data, table.split() == null, List.copyOf(warnings));
  }

  private static PicturesToJudge ofFolder(Path root, Side side, KnownClasses classes) {
    SplitSides sides = SplitSides.of(root);
    Path folder = sides == null ? root : sides.of(side);
    if (sides != null && side != Side.TEST && sides.train() != null && sides.val() == null) {
      return ofSplit(root.toString(), side, classes, null);
    }
    if (folder == null) {
      throw none(root, side);
    }
    ImageFolder all = ImageFolder.all(folder);
    List<String> warnings = new ArrayList<>(sides == null ? List.of() : sides.warnings());
    warnings.addAll(all.warnings());
    Dataset data = classes.of(all, folder, warnings);
    return new PicturesToJudge(data, sides == null, List.copyOf(warnings));
  }

  /** A side of a source that knows how to split itself; {@code test} is what it validates on. */
  private static PicturesToJudge ofSplit(
      String spec, Side side, KnownClasses classes, Supplier<Path> cache) {
    Datasets.Split split = Datasets.open(spec, cache, 0, DEFAULT_FRACTION);
    List<String> warnings = new ArrayList<>(split.warnings());
    Dataset data = side == Side.TRAIN ? split.train() : split.val();
    return new PicturesToJudge(classes.of(data, spec, warnings), false, List.copyOf(warnings));
  }

  private static UserError none(Path data, Side side) {
    return new UserError(
        "%s has no %s side: name a folder of class folders, or judge another side with engine eval %s"
            .formatted(data, side, Setting.SPLIT));
  }
}
