package engine.data;

import engine.base.Setting;
import engine.base.UserError;
import engine.picture.Normalization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder of pictures: whatever {@code --data} names that no other source does. */
final class FolderSource {
  static final DataSource SOURCE =
      new DataSource(
          "",
          "a folder with one subfolder of pictures a class",
          false,
          new DataSource.Defaults(1, 224, 10, 64, 3e-4, "crop", 0.2),
          Normalization.IMAGENET,
          r -> open(Path.of(r.place()), r.holdout(), true));

  private FolderSource() {}

  /**
   * Opens a folder of pictures; {@code applyExif} turns them upright as their EXIF orientation
   * says.
   */
  static Datasets.Split open(Path root, Holdout holdout, boolean applyExif) {
    SplitSides sides = SplitSides.of(root);
    if (sides != null && sides.train() == null) {
      throw new UserError(
          "%s has %s but no train folder: add train/ with one subfolder of pictures per class"
              .formatted(root, last(sides.val())));
    }
    ImageFolder training = ImageFolder.open(sides == null ? root : sides.train(), applyExif);
    List<String> warnings = new ArrayList<>(sides == null ? List.of() : sides.warnings());
    warnings.addAll(training.warnings());
    if (sides == null || sides.val() == null || holdout.fold() != null) {
      return holdout.split((sides == null ? root : sides.train()).toString(), training, warnings);
    }
    ImageFolder found = ImageFolder.all(sides.val());
    warnings.addAll(found.warnings());
    Dataset held = KnownClasses.ofTraining(training.classNames()).of(found, sides.val(), warnings);
    String what = "%s, %s and %s".formatted(root, last(sides.train()), last(sides.val()));
    if (sides.test() != null) {
      what +=
          (" (%s is left for eval " + Setting.DATA + " %s)")
              .formatted(last(sides.test()), sides.test());
    }
    return Datasets.Split.of(what, training, held, warnings);
  }

  private static Path last(Path folder) {
    return folder.getFileName();
  }
}
