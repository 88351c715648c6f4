package engine.cli;

import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.OutOfDeviceMemoryException;
import engine.base.StopRequest;
import engine.base.UserError;
import engine.bench.FittingBatch;
import engine.console.Terminal;
import engine.convert.QuantizationJob;
import engine.data.BadImages.BadImage;
import engine.data.Datasets;
import engine.eval.Evaluation;
import engine.run.AugmentOn;
import engine.run.Augmentation;
import engine.run.ExecutionMode;
import engine.run.ModelInfo;
import engine.run.NotFiniteException;
import engine.run.Precision;
import engine.run.Recipe;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import engine.train.RunFinish;
import engine.train.Trainer;
import engine.train.TrainerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine train}: from pictures to a checkpoint and a report. */
@Command(
    name = "train",
    description = "Trains a classifier on a folder of pictures and writes a run folder.",
    footer = {
      "",
      "Examples:",
      "  engine train --data demo",
      "  engine train --data photos --model resnet50 --epochs 10 --out runs/photos",
      "  engine train --resume runs/photos"
    })
final class TrainCommand implements Callable<Integer> {
  private static final Set<String> ALLOWED_ON_RESUME =
      Set.of(
          "--resume",
          "--out",
          "--data",
          "--device",
          "--threads",
          "--workers",
          "--json",
          "--debug",
          "--eager",
          "--memory",
          "--augment-on",
          "--debug-overflow",
          "--precision",
          "--loss-scale",
          "--loss-scale-init",
          "--loss-scale-growth",
          "--loss-scale-backoff",
          "--loss-scale-interval",
          "--allow-bad-images",
          "--allow-changed-images");

  /** How long Ctrl-C waits for the step under way. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int LISTED = 50;

  @Mixin private RecipeOptions recipe;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run folder to write (default: a new one under runs/).")
  private Path out;

  @Option(
      names = "--resume",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "DIR",
      description = "Go on with the run in DIR (or --out) from its last checkpoint.")
  private String resume;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that decode pictures, at low priority (default: one a core).")
  private Integer workers;

  @Option(names = "--allow-bad-images", description = "Go on however many pictures cannot be read.")
  private boolean allowBadImages;

  @Option(
      names = "--allow-changed-images",
      description =
          "With --resume: go on though pictures have other contents than when the run began.")
  private boolean allowChangedImages;

  @Option(
      names = "--debug-overflow",
      description =
          "Name the first tensor with inf or NaN of every step that is skipped; waits for the device every step.")
  private boolean debugOverflow;

  @Option(
      names = "--augment-on",
      paramLabel = "auto|host|device",
      defaultValue = "auto",
      description =
          "Where pictures are flipped, jittered and erased in: by the loader's threads or by the GPU (default auto: a GPU unless there is a --policy). Same results.")
  private AugmentOn augmentOn;

  @Mixin private ExecutionOptions execution;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  private ExecutionMode execution() {
    return execution.execution().augmentingOn(augmentOn);
  }

  @Override
  public Integer call() throws IOException {
    if (workers != null && (workers < 0 || workers > 1024)) {
      throw common.wrong("--workers must be between 0 and 1024, not " + workers);
    }
    if (resume != null) {
      refuseRecipeOptions();
    } else if (allowChangedImages) {
      throw common.wrong("--allow-changed-images belongs to --resume");
    }
    if (resume != null) {
      RunFolder run = RunFolder.containing(folderToResume());
      return train(run, savedRecipe(run));
    }
    if (out == null) {
      return trainInNewFolder();
    }
    RunFolder run = new RunFolder(out);
    run.requireUnused();
    return train(run, recipe.toRecipe(common));
  }

  private int trainInNewFolder() throws IOException {
    Recipe r = recipe.toRecipe(common);
    RunFolder run = RunFolder.claim(Path.of("runs", recipe.dataName() + "-" + recipe.modelName()));
    try {
      return train(run, r);
    } finally {
      run.release();
    }
  }

  private Recipe savedRecipe(RunFolder run) throws IOException {
    Path job = QuantizationJob.folderOf(run.root());
    if (job != null) {
      throw new UserError(
          "%s holds no training but what engine quantize made: go on with engine quantize --resume %s"
              .formatted(run.root(), job));
    }
    if (!Files.isRegularFile(run.config())) {
      throw new UserError("there is no run in " + run.root() + " to resume: check the folder");
    }
    run.requireTrained();
    Recipe r = recipe.withPrecision(Recipe.read(run.config()), spec.commandLine(), common);
    String moved = recipe.movedData();
    if (moved != null) {
      return r.withData(moved);
    }
    if (Datasets.isFolder(r.data().source()) && !Files.exists(Path.of(r.data().source()))) {
      throw new UserError(
          "the pictures of this run are gone from %s: put them back, or say where they are now with --resume %s --data DIR"
              .formatted(r.data().source(), run.root()));
    }
    return r;
  }

  private int train(RunFolder run, Recipe r) throws IOException {
    MutedListener listener =
        new MutedListener(
            common.json
                ? new JsonListener(spec.commandLine().getOut())
                : new ConsoleListener(Terminal.stdout(), common.debug));
    String name = device(r);
    int threads = threads(r, listener);
    try (OpenDevice device = OpenDevice.of(common, name, threads)) {
      common.check(() -> Precision.of(r.compute().precision(), device.backend(), _ -> {}));
      common.check(() -> Augmentation.require(r, device.backend(), augmentOn));
      execution.prepare(device.backend());
      Datasets.Split data = RunSetup.open(r, listener::message);
      try (Trainer trainer = trainer(device.backend(), run, r, data, listener)) {
        listener.started(describe(run, r, data, trainer, device.backend()));
        if (listener.lost() != null) {
          throw listener.lost(); // nothing is done yet
        }
        return work(device.backend(), run, r, data, trainer, listener);
      }
    } catch (OutOfDeviceMemoryException e) {
      ModelInfo info = RunSetup.info(r, RunSetup.open(r, _ -> {}));
      throw FittingBatch.explainTraining(
          e, () -> Devices.open(name, threads), r, info, execution(), false);
    } finally {
      listener.ended();
    }
  }

  private Trainer trainer(
      Backend backend, RunFolder run, Recipe r, Datasets.Split data, TrainingListener listener) {
    ModelInfo info = RunSetup.info(r, data);
    int decoders = workers != null ? workers : RunSetup.workers();
    TrainerOptions how =
        new TrainerOptions(
            decoders, allowBadImages, allowChangedImages, debugOverflow, execution());
    return new Trainer(backend, r, run, data, info, how, listener);
  }

  private int work(
      Backend backend,
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      Trainer trainer,
      MutedListener listener)
      throws IOException {
    Runnable onStop = () -> listener.message("stopping after this step, to save it");
    try (StopRequest stop = new StopRequest(PATIENCE, onStop)) {
      Evaluation e =
          trainer.run(resume != null, () -> stop.isRequested() || listener.lost() != null);
      if (e != null) {
        RunFinish.report(backend, run, r, data, e, listener);
      }
      if (listener.lost() != null) {
        throw listener
            .lost()
            .saying(
                e != null
                    ? "the run is finished, its report is " + run.report()
                    : "the run was stopped and saved: go on with --resume " + run.root());
      }
      return e == null ? Errors.FAILED : 0;
    } catch (OutOfDeviceMemoryException e) {
      throw e; // it is explained when the device is closed
    } catch (NotFiniteException e) {
      throw new UserError(e.getMessage() + keptHint(run), e);
    } catch (IOException | UserError e) {
      throw new UserError(Errors.sentence(e) + (trainer.hasBegun() ? savedHint(run) : ""), e);
    } finally {
      listBadImages(trainer.badImages(), listener);
    }
  }

  /** What a failed run can go on from. */
  private static String savedHint(RunFolder run) {
    try {
      return run.last() == null ? "" : "; go on with --resume " + run.root();
    } catch (IOException | UserError e) {
      return ""; // what is wrong with the folder is what the failure says
    }
  }

  /** What a run that diverged leaves: to go on with it would end in the same way. */
  private static String keptHint(RunFolder run) {
    try {
      return run.best() == null
          ? ""
          : "; the best checkpoint of before is kept: start anew with --weights " + run.root();
    } catch (IOException | UserError e) {
      return "";
    }
  }

  private static void listBadImages(List<BadImage> bad, TrainingListener listener) {
    if (!bad.isEmpty()) {
      listener.message(
          bad.size() == 1
              ? "1 picture could not be read and was left out:"
              : "%,d pictures could not be read and were left out:".formatted(bad.size()));
      bad.stream().limit(LISTED).forEach(b -> listener.message("  " + b));
    }
    if (bad.size() > LISTED) {
      listener.message("  and %,d more".formatted(bad.size() - LISTED));
    }
  }

  private static String[] describe(
      RunFolder run, Recipe r, Datasets.Split data, Trainer trainer, Backend backend) {
    return new String[] {
      data.description(),
      "%s, %,d parameters, %dx%d pixels, batch %d, %d epochs in %s on %s (%s)"
          .formatted(
              r.model().name(),
              trainer.model().parameterCount(),
              r.augment().imageSize(),
              r.augment().imageSize(),
              r.schedule().batch(),
              r.schedule().epochs(),
              trainer.precision(),
              backend.name(),
              backend.describe()),
      "writing to " + run.root()
    };
  }

  private String device(Recipe r) {
    return isGiven("--device") ? common.device() : r.compute().device();
  }

  private int threads(Recipe r, TrainingListener listener) {
    if (isGiven("--threads") && common.threads() != r.compute().threads()) {
      listener.message(
          "warning: with %d threads instead of %d sums are rounded in another order, so the result will not be the same to the last bit"
              .formatted(common.threads(), r.compute().threads()));
      return common.threads();
    }
    return r.compute().threads();
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Path folderToResume() {
    if (resume.isEmpty() && out == null) {
      throw common.wrong("--resume needs the run folder: --resume runs/NAME");
    }
    if (!resume.isEmpty() && out != null) {
      throw common.wrong("--resume " + resume + " names the run folder already: leave out --out");
    }
    return out != null ? out : path(resume);
  }

  private Path path(String folder) {
    try {
      return Path.of(folder);
    } catch (InvalidPathException e) {
      throw common.wrong("'" + folder + "' is not a folder name: check --resume");
    }
  }

  private void refuseRecipeOptions() {
    List<String> given =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .map(OptionSpec::longestName)
            .filter(n -> !ALLOWED_ON_RESUME.contains(n))
            .toList();
    if (!given.isEmpty()) {
      throw common.wrong(
          given.getFirst()
              + " cannot change in a resumed run; its recipe is in config.json of the run folder");
    }
  }
}
