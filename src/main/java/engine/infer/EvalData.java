package engine.infer;

import engine.base.CacheFolders;
import engine.base.Setting;
import engine.base.UserError;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.ImageFolder;
import engine.run.Checkpoint;
import engine.run.DataFingerprint;
import engine.run.HeldOut;
import engine.run.HubConfig;
import engine.run.ModelInfo;
import engine.run.PictureList;
import engine.run.Recipe;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The pictures that a checkpoint is evaluated on. */
public final class EvalData {
  private static final double DEFAULT_FRACTION = 0.2;

  private EvalData() {}

  /**
   * The validation side of {@code data}; of a folder without one, all its pictures; with {@code
   * data} null, or the same as the run's, what the run that made the checkpoint held out, whatever
   * has become of its folder. Pictures that the run is known to have been trained on are left out.
   * The labels are the model's.
   *
   * @param say told what was passed over or left out, and what has changed
   */
  public static Dataset open(Path checkpoint, String data, ModelInfo info, Consumer<String> say)
      throws IOException {
    Path config = configOf(checkpoint);
    boolean ofRun = data == null || config != null && isSplitByRun(data, config);
    Datasets.Split found = ofRun ? ofRun(checkpoint, config, say) : named(data, info);
    Datasets.Split known = found.withClasses(info.classes());
    if (known == null) {
      Dataset d = found.val();
      throw new UserError(
          "the checkpoint knows the classes "
              + brief(info.classes())
              + " and the data has "
              + brief(d.classNames())
              + ": give the data it was trained for");
    }
    if (ofRun) {
      return known.val();
    }
    known.warnings().forEach(w -> say.accept("warning: " + w));
    PictureList list =
        config == null || !Datasets.isFolder(data) ? null : PictureList.read(config.getParent());
    return list == null
        ? known.val()
        : new HeldOut(list).without(known.val(), Path.of(data).toString(), say);
  }

  /**
   * Says so where other models that vote were trained on some of the pictures.
   *
   * @param pictures that the first model is known not to have been trained on
   */
  public static void warnOfOthers(List<Path> others, Dataset pictures, Consumer<String> say)
      throws IOException {
    for (Path checkpoint : others) {
      Path config = configOf(checkpoint);
      PictureList list = config == null ? null : PictureList.read(config.getParent());
      if (list != null) {
        boolean[] trained = new HeldOut(list).trainedOn(pictures, list.root());
        long count = IntStream.range(0, trained.length).filter(i -> trained[i]).count();
        if (count > 0) {
          say.accept(
              "warning: %s was trained on %,d of these %,d pictures: the figures of this vote are too good"
                  .formatted(checkpoint, count, trained.length));
        }
      }
    }
  }

  /** Whether {@code --data} is the run's own and would have to be split: the run knows how. */
  private static boolean isSplitByRun(String data, Path config) throws IOException {
    if (Datasets.isFolder(data) && Datasets.toEvaluate(Path.of(data)) != null) {
      return false;
    }
    return RunSetup.absolute(data).equals(Recipe.read(config).data());
  }

  private static Datasets.Split ofRun(Path checkpoint, Path config, Consumer<String> say)
      throws IOException {
    if (config == null) {
      throw new UserError(
          Setting.DATA + " is missing: say which pictures to evaluate " + checkpoint + " on");
    }
    Recipe r = Recipe.read(config);
    Datasets.Split split = RunSetup.openAsIn(config.getParent(), r, say);
    if (Datasets.isFolder(r.data().source())
        && !Files.exists(config.resolveSibling(PictureList.FILE))) {
      requireUnchanged(checkpoint, split);
    }
    return split;
  }

  /** A run of before there were lists: its checkpoint tells at least whether the folder changed. */
  private static void requireUnchanged(Path checkpoint, Datasets.Split split) throws IOException {
    TrainingState state =
        Checkpoint.stateOf(LoadedModel.find(checkpoint).toAbsolutePath().getParent());
    if (state != null && state.data() != null && !state.data().equals(DataFingerprint.of(split))) {
      throw new UserError(
          ("the data of this run has changed (%s), and it kept no list of what it held out: put the data back as it was, or name pictures that it was not trained on with "
                  + Setting.DATA)
              .formatted(state.data().difference(DataFingerprint.of(split))));
    }
  }

  private static Datasets.Split named(String data, ModelInfo info) {
    Path folder = Datasets.isFolder(data) ? Datasets.toEvaluate(Path.of(data)) : null;
    if (folder == null) {
      return Datasets.open(data, CacheFolders::writable, 0, DEFAULT_FRACTION);
    }
    ImageFolder all = ImageFolder.open(folder, info.classes(), true);
    return new Datasets.Split(all, all, data, all.warnings());
  }

  /**
   * The {@code config.json} of the run that holds a checkpoint: of its folder, or of one at most
   * three above; null if there is none.
   */
  public static Path configOf(Path checkpoint) {
    Path at = checkpoint.toAbsolutePath();
    if (Files.isRegularFile(at) && !at.toString().endsWith(".safetensors")) {
      return null; // a run keeps no other files of weights
    }
    for (int i = 0; i < 4 && at != null; i++, at = at.getParent()) {
      Path config = new RunFolder(at).config();
      if (Files.isRegularFile(config) && !HubConfig.is(config)) {
        return config;
      }
    }
    return null;
  }

  /** The names, or the first of many. */
  static String brief(List<String> names) {
    return names.size() <= 6
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
  }
}
