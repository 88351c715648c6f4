package engine.train;

import engine.base.CacheFolders;
import engine.base.UserError;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The pictures that a checkpoint is evaluated on. */
public final class EvalData {
  private static final double DEFAULT_FRACTION = 0.2;

  private EvalData() {}

  /**
   * The validation side of {@code data}; of a folder without one, all its pictures; with {@code
   * data} null, what the run that made the checkpoint held out. Its labels are the model's.
   *
   * @param say told what was passed over
   */
  public static Dataset open(Path checkpoint, String data, ModelInfo info, Consumer<String> say)
      throws IOException {
    Datasets.Split found = data == null ? ofRun(checkpoint, say) : named(data, info);
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
    if (data != null) {
      known.warnings().forEach(w -> say.accept("warning: " + w));
    }
    return known.val();
  }

  private static Datasets.Split ofRun(Path checkpoint, Consumer<String> say) throws IOException {
    Path config = configOf(checkpoint);
    if (config == null) {
      throw new UserError(
          "--data is missing: say which pictures to evaluate " + checkpoint + " on");
    }
    Recipe r = Recipe.read(config);
    return RunSetup.open(r, say);
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
    for (int i = 0; i < 4 && at != null; i++, at = at.getParent()) {
      Path config = new RunFolder(at).config();
      if (Files.isRegularFile(config)) {
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
