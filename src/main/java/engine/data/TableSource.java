package engine.data;

import engine.base.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures that a CSV or TSV file lists: see {@link PictureTable}. Where it has a column of sides,
 * they are taken as those of a folder are: with {@code test} alone beside {@code train}, that is
 * what is validated on, and without either a share of each class is held out.
 */
final class TableSource {
  static final DataSource SOURCE =
      new DataSource(
          "",
          "a .csv or .tsv file of files and classes",
          false,
          FolderSource.SOURCE.defaults(),
          FolderSource.SOURCE.normalization(),
          TableSource::open);

  private TableSource() {}

  private static Datasets.Split open(DataSource.Request r) {
    Path file = Path.of(r.place());
    PictureTable table = PictureTable.read(file);
    List<String> warnings = new ArrayList<>(table.warnings());
    List<PictureTable.Row> train = side(table, Side.TRAIN);
    if (train.isEmpty()) {
      throw new UserError(
          "%s has no row whose side is train: add some, or take its column %s out to hold out a share of all"
              .formatted(file, table.split().name()));
    }
    List<String> classes = PictureTable.classes(train);
    if (classes.size() < 2) {
      throw new UserError(
          "%s has only one class to train on, '%s': a classifier needs two or more"
              .formatted(file, classes.getFirst()));
    }
    Dataset training = ListedPictures.of(classes, train);
    List<PictureTable.Row> val = table.split() == null ? List.of() : side(table, Side.VAL);
    List<PictureTable.Row> test = table.split() == null ? List.of() : side(table, Side.TEST);
    Side held = val.isEmpty() ? Side.TEST : Side.VAL;
    if (val.isEmpty() && test.isEmpty() || r.holdout().fold() != null) {
      return r.holdout().split(file.toString(), training, warnings);
    }
    List<PictureTable.Row> rows = val.isEmpty() ? test : val;
    Dataset validation = KnownClasses.ofTraining(classes).of(ownClasses(rows), file, warnings);
    String left =
        val.isEmpty() || test.isEmpty()
            ? ""
            : " (its %,d of test are left for eval)".formatted(test.size());
    return Datasets.Split.of(
        "%s, train and %s%s".formatted(file, held, left), training, validation, warnings);
  }

  /** The rows of a side; all of them where the table has no sides. */
  static List<PictureTable.Row> side(PictureTable table, Side side) {
    return table.split() == null
        ? table.rows()
        : table.rows().stream().filter(r -> r.side() == side).toList();
  }

  /** Rows with just the classes that they have. */
  static Dataset ownClasses(List<PictureTable.Row> rows) {
    return ListedPictures.of(PictureTable.classes(rows), rows);
  }
}
