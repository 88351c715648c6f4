package engine.infer;

import engine.base.CacheFolders;
import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.ExcludedPictures;
import engine.data.ImageNetClasses;
import engine.data.KnownClasses;
import engine.data.PicturesToJudge;
import engine.data.Side;
import engine.data.Subset;
import engine.recipe.DataSettings;
import engine.recipe.Recipe;
import engine.run.Checkpoint;
import engine.run.DataFingerprint;
import engine.run.HeldOut;
import engine.run.HubConfig;
import engine.run.ModelFile;
import engine.run.ModelInfo;
import engine.run.PictureList;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The pictures that a checkpoint is evaluated on. */
public final class EvalData {
  /** As train does; of classes that are only listed any share will do. */
  private static final double HELD_OUT = 0.2;

  private EvalData() {}

  /**
   * What was asked for.
   *
   * @param data as {@code --data} names it; null for the run's own
   * @param side of it; null for the validation side, or for all of a source without sides
   * @param limit pictures at most, 0 for all; null for as many as the run validated on
   * @param ignoreExtra whether to leave out pictures of classes that the model does not know
   */
  public record Wanted(String data, Side side, Integer limit, boolean ignoreExtra) {
    /** What a run held out, as it did. */
    public static final Wanted HELD_OUT = new Wanted(null, null, null, false);

    private Side sideOrVal() {
      return side == null ? Side.VAL : side;
    }

    private KnownClasses known(ModelInfo info) {
      return new KnownClasses(info.classes(), true, ignoreExtra);
    }
  }

  /**
   * A side of {@code data}; of a source without sides, all its pictures; with no {@code data}, or
   * the same as the run's, what the run that made the checkpoint held out, or trained on, whatever
   * has become of its folder. Pictures that the run is known to have been trained on are left out,
   * unless just these are wanted, which is said. The labels are the model's.
   *
   * @param say told what was passed over or left out, and what has changed
   */
  public static Dataset open(Path checkpoint, Wanted wanted, ModelInfo info, Consumer<String> say)
      throws IOException {
    Path config = configOf(checkpoint);
    if (wanted.data == null && config == null) {
      throw new UserError(
          Setting.DATA + " is missing: say which pictures to evaluate " + checkpoint + " on");
    }
    boolean ofRun =
        wanted.side != Side.TEST && (wanted.data == null || isSplitByRun(wanted.data, config));
    return ofRun
        ? ofRun(checkpoint, config, wanted, info, say)
        : RunSetup.limited(
            named(config, wanted, info, say), wanted.limit == null ? 0 : wanted.limit, 0);
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
              "warning: %s was trained on %,d of %s: the figures of this vote are too good"
                  .formatted(checkpoint, count, these(trained.length)));
        }
      }
    }
  }

  /** Whether {@code --data} is the run's own and would have to be split: the run knows how. */
  private static boolean isSplitByRun(String data, Path config) throws IOException {
    if (config == null) {
      return false;
    }
    String source = Recipe.read(config).data().source();
    boolean same =
        RunSetup.absolute(data).equals(source)
            || Datasets.isOwn(data)
                && Datasets.isOwn(source)
                && Files.exists(Path.of(data))
                && Files.exists(Path.of(source))
                && Files.isSameFile(Path.of(data), Path.of(source));
    return same && !PicturesToJudge.isWhole(data);
  }

  private static Dataset ofRun(
      Path checkpoint, Path config, Wanted wanted, ModelInfo info, Consumer<String> say)
      throws IOException {
    Recipe r = Recipe.read(config);
    if (Datasets.isOwn(r.data().source())
        && !Files.exists(config.resolveSibling(PictureList.FILE))) {
      requireUnchanged(checkpoint, RunSetup.open(r, _ -> {}));
    }
    boolean train = wanted.side == Side.TRAIN;
    DataSettings data = r.data().withCacheImages(0);
    if (wanted.limit != null) {
      data =
          train
              ? data.withLimits(wanted.limit, data.limitVal())
              : data.withLimits(data.limitTrain(), wanted.limit);
    }
    Datasets.Split split = RunSetup.openAsIn(config.getParent(), r.with(data), say);
    List<String> warnings = new ArrayList<>();
    Dataset found =
        wanted.known(info).of(train ? split.train() : split.val(), r.data().source(), warnings);
    warnings.forEach(w -> say.accept("warning: " + w));
    if (train) {
      warnOfTrained(found.size(), found.size(), say);
    }
    return found;
  }

  private static void warnOfTrained(long count, int of, Consumer<String> say) {
    if (count > 0) {
      say.accept(
          "warning: the run was trained on %s %s: the figures tell what it remembers, not what it would do on others"
              .formatted(count == of ? "all of" : "%,d of".formatted(count), these(of)));
    }
  }

  private static String these(int pictures) {
    return pictures == 1 ? "this 1 picture" : "these " + Units.count(pictures, "picture");
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

  private static Dataset named(Path config, Wanted wanted, ModelInfo info, Consumer<String> say)
      throws IOException {
    Recipe run = config == null ? null : Recipe.read(config);
    String data = wanted.data == null ? run.data().source() : wanted.data;
    PicturesToJudge found =
        PicturesToJudge.of(data, wanted.sideOrVal(), wanted.known(info), CacheFolders::writable);
    found.warnings().forEach(w -> say.accept("warning: " + w));
    boolean own = Datasets.isOwn(data);
    if (run != null && own) {
      found = withoutExcluded(found, run, config.getParent(), say);
    }
    PictureList list = run == null || !own ? null : PictureList.read(config.getParent());
    String root = own ? Datasets.root(data) : "";
    if (wanted.side != Side.TRAIN) {
      return list == null
          ? found.pictures()
          : new HeldOut(list).without(found.pictures(), root, say);
    }
    if (list != null) {
      return trainedOn(found, new HeldOut(list), root, say);
    }
    if (found.whole()) {
      throw new UserError(
          ("%s has no train side, and nothing tells which of its pictures the run was trained on: leave out "
                  + Setting.SPLIT)
              .formatted(data));
    }
    boolean same =
        run != null
            && !own
            && Datasets.source(data) == Datasets.source(run.data().source())
            && Datasets.source(data).packed();
    warnOfTrained(same ? found.pictures().size() : 0, found.pictures().size(), say);
    return found.pictures();
  }

  /** Without those that the run was begun without, where they are its own pictures. */
  private static PicturesToJudge withoutExcluded(
      PicturesToJudge found, Recipe run, Path folder, Consumer<String> say) {
    ExcludedPictures excluded =
        Datasets.isOwn(run.data().source()) ? RunSetup.excluded(run, folder) : null;
    return excluded == null
        ? found
        : new PicturesToJudge(
            excluded.fromQuietly(found.pictures(), Datasets.root(run.data().source()), say),
            found.whole(),
            found.warnings());
  }

  /**
   * The folder that the names of a list of pictures may begin below.
   *
   * @param data as {@code --data} names it; null for the run's own
   */
  public static String root(Path checkpoint, String data) throws IOException {
    Path config = configOf(checkpoint);
    String source = data != null || config == null ? data : Recipe.read(config).data().source();
    return source != null && Datasets.isOwn(source) ? Datasets.root(RunSetup.absolute(source)) : "";
  }

  /** A train side; of pictures without sides, those that the run was trained on. */
  private static Dataset trainedOn(
      PicturesToJudge found, HeldOut sides, String root, Consumer<String> say) {
    Dataset all = found.pictures();
    boolean[] trained = sides.trainedOn(all, root);
    int[] those = IntStream.range(0, trained.length).filter(i -> trained[i]).toArray();
    if (!found.whole()) {
      warnOfTrained(those.length, all.size(), say);
      return all;
    }
    if (those.length == 0) {
      throw new UserError(
          ("%s has no train side, and the run was trained on none of its pictures: leave out "
                  + Setting.SPLIT)
              .formatted(root));
    }
    warnOfTrained(those.length, those.length, say);
    return new Subset(all, those);
  }

  /**
   * The {@code config.json} of the run that holds a checkpoint: of its folder, or of one at most
   * three above; null if there is none.
   */
  public static Path configOf(Path checkpoint) {
    Path at = checkpoint.toAbsolutePath();
    String name = String.valueOf(at.getFileName());
    if (Files.isRegularFile(at) && name.contains(".") && !name.endsWith(".safetensors")) {
      return null; // a run keeps no other files of weights; best and last are its pointers
    }
    for (int i = 0; i < 4 && at != null; i++, at = at.getParent()) {
      Path config = new RunFolder(at).config();
      if (Files.isRegularFile(config) && !HubConfig.is(config)) {
        return config;
      }
    }
    return null;
  }

  /**
   * A model whose file names no classes, with those of the data in their order, by which
   * torchvision's {@code ImageFolder} numbers them.
   *
   * @param say told what was taken
   * @throws UserError if the data has more or fewer classes than the model has outputs
   */
  public static ModelFile named(ModelFile file, String data, Consumer<String> say) {
    int outputs = file.info().classes().size();
    List<String> names;
    try {
      names = Datasets.open(data, CacheFolders::writable, 0, HELD_OUT).val().classNames();
    } catch (UserError e) {
      if (ImageNetClasses.of(outputs) != null) {
        return file; // what cannot be split, such as a single class, can be judged all the same
      }
      throw e;
    }
    if (ImageNetClasses.of(outputs) != null && ImageNetClasses.anyOf(names)) {
      return file; // whose classes are called by ImageNet's names already
    }
    if (names.size() != outputs) {
      throw new UserError(
          "%s names no classes for its %s and the data has %,d: name them with %s FILE, by the folders of the data"
                  .formatted(
                      file.path(), Units.count(outputs, "output"), names.size(), Setting.CLASSES)
              + (ImageNetClasses.of(outputs) == null
                  ? ""
                  : "; none of %s is a name or a WordNet id of ImageNet's"
                      .formatted(brief(names))));
    }
    say.accept(
        "the classes of %s are those of the data in their order: %s"
            .formatted(file.path(), brief(names)));
    return file.withClasses(names);
  }

  /** The names, or the first of many. */
  public static String brief(List<String> names) {
    return names.size() <= 6
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
  }
}
