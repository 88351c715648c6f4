package engine.data;

import engine.base.Setting;
import engine.base.UserError;
import engine.picture.Normalization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A folder of pictures: whatever {@code --data} names that no other source does. */
final class FolderSource {
  static final DataSource SOURCE =
      new DataSource(
          "",
          "a folder with one subfolder of pictures a class",
          false,
          new DataSource.Defaults(1, 224, 10, 64, 3e-4, "crop", 0.2),
          Normalization.IMAGENET,
          r -> open(Path.of(r.place()), r.seed(), r.valFraction(), true));

  private FolderSource() {}

  /**
   * Opens a folder of pictures; {@code applyExif} turns them upright as their EXIF orientation
   * says.
   */
  static Datasets.Split open(Path root, long seed, double valFraction, boolean applyExif) {
    SplitSides sides = SplitSides.of(root);
    if (sides != null && sides.train() == null) {
      throw new UserError(
          "%s has %s but no train folder: add train/ with one subfolder of pictures per class"
              .formatted(root, last(sides.val())));
    }
    ImageFolder training = ImageFolder.open(sides == null ? root : sides.train(), applyExif);
    List<String> warnings = new ArrayList<>(sides == null ? List.of() : sides.warnings());
    warnings.addAll(training.warnings());
    if (sides == null || sides.val() == null) {
      return heldOut(root, training, warnings, seed, valFraction);
    }
    ImageFolder held = ImageFolder.open(sides.val(), training.classNames(), applyExif);
    warnings.addAll(held.warnings());
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

  private static Datasets.Split heldOut(
      Path root, ImageFolder all, List<String> found, long seed, double valFraction) {
    StratifiedSplit parts =
        StratifiedSplit.of(all.labels(), all.classNames().size(), valFraction, seed);
    if (parts.val().length == 0) {
      throw new UserError(
          "every class of %s has a single picture, so none can be held out: add pictures, or a val folder"
              .formatted(root));
    }
    List<String> warnings = new ArrayList<>(found);
    if (!parts.trainOnly().isEmpty()) {
      String names =
          parts.trainOnly().stream().map(all.classNames()::get).collect(Collectors.joining(", "));
      warnings.add(
          "only one picture of %s: it is trained on, and validation says nothing about it"
              .formatted(names));
    }
    return Datasets.Split.of(
        "%s, %.0f%% of each class held out".formatted(root, 100 * valFraction),
        new Subset(all, parts.train()),
        new Subset(all, parts.val()),
        warnings);
  }
}
