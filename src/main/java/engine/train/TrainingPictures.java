package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.base.UserError;
import engine.data.BadImages;
import engine.data.BadImages.BadImage;
import engine.data.Datasets;
import engine.data.loader.DataLoader;
import engine.data.transform.LateAugmentation;
import engine.data.transform.Transform;
import engine.recipe.Augmentation;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.run.PictureList;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The two sides of a run's pictures, as batches. */
final class TrainingPictures implements AutoCloseable {
  private final Recipe recipe;
  private final Datasets.Split data;
  private final TrainerOptions how;
  private final DataLoader train;
  private final ModelInfo info;
  private final DataLoader val;
  private final LateAugmentation late;
  private DataLoader sized;
  private int side;

  TrainingPictures(
      Backend backend, Recipe recipe, ModelInfo info, Datasets.Split data, TrainerOptions how) {
    this.recipe = recipe;
    this.data = data;
    this.how = how;
    this.info = info;
    int size = data.train().size();
    requireFeatures(recipe, info, size);
    int batch = batch(recipe, size);
    MemoryNeed.requireTraining(backend, recipe, info, batch);
    var limit = new BadImages.Limit(size + data.val().size(), how.allowBadImages());
    late =
        Augmentation.onDevice(recipe, info.preprocessing(), backend, how.execution().augmentOn());
    train =
        new DataLoader(
            data.train(),
            transform(recipe),
            late,
            new DataLoader.Config(
                batch,
                true,
                leavesOne(recipe, size),
                recipe.compute().seed(),
                how.workers(),
                backend.augments() ? 3 : 2, // one of them is on its way to the device
                how.allowBadImages()),
            limit,
            recipe.loss().balance().sampler(data.train(), recipe.compute().seed()));
    side = recipe.augment().imageSize();
    sized = train;
    val =
        new DataLoader(
            data.val(),
            info.preprocessing().evalTransform(),
            new DataLoader.Config(
                evalBatch(recipe), false, false, 0, how.workers(), 2, how.allowBadImages()),
            limit);
  }

  /** What workers do to a picture; the device does the rest. */
  private Transform transform(Recipe r) {
    return late == null
        ? Augmentation.training(r, info.preprocessing())
        : Augmentation.sized(r, info.preprocessing());
  }

  private static int batch(Recipe recipe, int pictures) {
    return Math.min(recipe.schedule().batch(), pictures);
  }

  /**
   * Features there must be; a batch of one picture whose last ones are one pixel has no variance to
   * normalise by.
   */
  static void requireFeatures(Recipe recipe, ModelInfo info, int pictures) {
    int side = recipe.augment().imageSize();
    if (info.model().finalSide(side) < 1) {
      throw new UserError(
          "pictures of %dx%d leave no features to %s: use a larger %s"
              .formatted(side, side, info.model().name(), Setting.IMAGE_SIZE));
    }
    if (info.model().normalisesOverBatches()
        && batch(recipe, pictures) == 1
        && info.model().finalSide(side) == 1) {
      throw new UserError(
          ("a batch of one %dx%d picture leaves one value a channel, of which batch norm has no variance: use "
                  + Setting.BATCH
                  + " 2 or more%s, or a larger "
                  + Setting.IMAGE_SIZE)
              .formatted(side, side, pictures == 1 ? " and more pictures" : ""));
    }
  }

  /** A last batch of one picture has no batch statistics: it is left out. */
  private static boolean leavesOne(Recipe recipe, int pictures) {
    return pictures > recipe.schedule().batch() && pictures % recipe.schedule().batch() == 1;
  }

  /** Pictures of a batch of validation. */
  static int evalBatch(Recipe r) {
    return Math.max(1, Math.min(64, r.schedule().batch()));
  }

  DataLoader train() {
    return train;
  }

  /** The training pictures as squares of another side; no epoch of another one may be open. */
  DataLoader train(int otherSide) {
    if (otherSide != side) {
      closeSized();
      side = otherSide;
      boolean usual = side == recipe.augment().imageSize();
      sized = usual ? train : train.with(transform(recipe.with(recipe.augment().at(side))));
    }
    return sized;
  }

  private void closeSized() {
    if (sized != train) {
      sized.close();
    }
  }

  DataLoader val() {
    return val;
  }

  /** What of the augmentation the device does; null if the host does all of it. */
  LateAugmentation late() {
    return late;
  }

  /**
   * Writes down which pictures are on which side, and compares with what was written before.
   *
   * @param resume whether the run goes on
   * @param instead what to do where pictures have changed since it began
   */
  void list(RunFolder run, boolean resume, String instead, TrainingListener listener)
      throws IOException {
    if (!resume) {
      RunSetup.keepExcluded(recipe, run);
    }
    PictureList now = PictureList.of(recipe, data);
    PictureList before = now == null || !resume ? null : PictureList.read(run.root());
    PictureList.Changed changed = before == null ? null : before.changed(now);
    if (changed != null && !how.allowChangedImages()) {
      throw new UserError(
          "%s since this run began: put back what was there, or %s".formatted(changed, instead));
    }
    if (changed != null) {
      listener.message("warning: " + changed + " since this run began: its result will be another");
    }
    if (now != null && !now.equals(before)) {
      now.write(run.pictures());
    }
  }

  /** Those that could not be read so far. */
  List<BadImage> bad() {
    return Stream.of(train, val).flatMap(l -> l.badImages().list().stream()).toList();
  }

  @Override
  public void close() {
    closeSized();
    train.close();
    val.close();
  }
}
