package engine.data;

import engine.base.UserError;
import engine.data.demo.DemoDataset;
import engine.picture.Normalization;
import java.nio.file.Path;

/** The pictures that a program draws: {@code demo}, or {@code demo:N} with N of each class. */
final class DemoSource {
  static final DataSource SOURCE =
      new DataSource(
          "demo",
          "demo",
          false,
          new DataSource.Defaults(0.25, 96, 30, 32, 1e-3, "crop", 0.2),
          Normalization.IMAGENET,
          DemoSource::open);

  private DemoSource() {}

  private static Datasets.Split open(DataSource.Request r) {
    int perClass = DemoDataset.DEFAULT_PER_CLASS;
    if (!r.place().isEmpty()) {
      if (!r.place().matches("[1-9][0-9]{0,4}")) {
        throw new UserError(
            "'%s' is not a number of pictures a class: write demo, or for example demo:20"
                .formatted(r.place()));
      }
      perClass = Integer.parseInt(r.place());
    }
    Path folder = r.cache().get().resolve("demo-" + perClass);
    // The pictures do not depend on the run's seed: two runs with different seeds compare on one
    // set.
    DemoDataset.generate(
        folder, perClass, DemoDataset.DEFAULT_SIZE, DemoDataset.DEFAULT_SEED, r.progress());
    Datasets.Split split = FolderSource.open(folder, r.holdout(), true);
    return Datasets.Split.of(
        "synthetic demo pictures in " + folder, split.train(), split.val(), split.warnings());
  }
}
