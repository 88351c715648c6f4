package engine.cli;

import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.OutOfDeviceMemoryException;
import engine.base.StopRequest;
import engine.base.UserError;
import engine.bench.FittingBatch;
import engine.console.Terminal;
import engine.console.Units;
import engine.data.BadImages.BadImage;
import engine.data.ColourCheck;
import engine.data.Datasets;
import engine.data.audit.SharedPictures;
import engine.eval.Evaluation;
import engine.recipe.Augmentation;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.recipe.RecipeConflicts;
import engine.run.ModelInfo;
import engine.run.NotFiniteException;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import engine.train.BudgetStart;
import engine.train.RunFinish;
import engine.train.Trainer;
import engine.train.budget.BudgetWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One run of a command that trains, from the device it opens to the report: shown, stopped by
 * Ctrl-C in a state that it goes on from, and explained where it fails.
 *
 * @param how options beside the recipe
 * @param spec of the command
 */
record TrainingJob(TrainingOptions how, CommonOptions common, CommandSpec spec) {
  /** How long Ctrl-C waits for the step under way. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int LISTED = 50;

  /**
   * Trains in a folder.
   *
   * @param resume whether a run is there, which goes on
   * @return the exit code: 0, or 1 if the run was stopped and saved
   */
  int train(RunFolder run, Recipe r, boolean resume) throws IOException {
    TrainingListener shown =
        common.json
            ? new JsonListener(spec.commandLine().getOut())
            : new ConsoleListener(Terminal.stdout(), common.debug);
    return train(run, r, resume, shown, Integer.MAX_VALUE);
  }

  /**
   * The same, shown in another way and stopped and saved after some epochs.
   *
   * @param until the last epoch, counted from 1
   */
  int train(RunFolder run, Recipe r, boolean resume, TrainingListener shown, int until)
      throws IOException {
    MutedListener listener = new MutedListener(shown);
    String name = device(r);
    int threads = threads(r, listener);
    try (OpenDevice device = OpenDevice.of(common, name, threads)) {
      common.check(() -> Precision.of(r.compute().precision(), device.backend(), _ -> {}));
      common.check(() -> Augmentation.require(r, device.backend(), how.augmentOn()));
      how.execution().prepare(device.backend());
      Datasets.Split data =
          resume
              ? RunSetup.openToGoOn(run.root(), r, listener::message)
              : RunSetup.open(r, listener::message);
      if (!resume) {
        common.check(() -> r.loss().balance().weights(data.train()));
        common.takeNotes().forEach(listener::message);
        RecipeConflicts.of(r).forEach(w -> listener.message("warning: " + w));
        shared(r, data).ifPresent(listener::message);
        int channels = RunSetup.info(r, data).model().inChannels();
        ColourCheck.of(data.train(), channels).ifPresent(listener::message);
      }
      TimedRun timed = TimedRun.of(r, spec);
      if (timed == null) {
        return train(device.backend(), new Work(run, r, data, resume, until), null, listener);
      }
      return trainInTime(device.backend(), new Work(run, r, data, resume, until), timed, listener);
    } catch (OutOfDeviceMemoryException e) {
      ModelInfo info = RunSetup.info(r, RunSetup.openToGoOn(run.root(), r, _ -> {}));
      throw FittingBatch.explainTraining(
          e, () -> Devices.open(name, threads), r, info, how.mode(), false);
    } finally {
      listener.ended();
    }
  }

  /** A warning where validation pictures are training pictures, too. */
  private static Optional<String> shared(Recipe r, Datasets.Split data) {
    List<String> files =
        Datasets.isOwn(r.data().source()) ? SharedPictures.of(data).files() : List.of();
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "warning: %,d of the %,d validation pictures %s trained on, too, such as %s: the accuracy is too good; engine data %s shows them"
                .formatted(
                    files.size(),
                    data.val().size(),
                    files.size() == 1 ? "is" : "are",
                    files.getFirst(),
                    r.data().source()));
  }

  /** Measures and plans first; a plan is all that differs from a run of epochs. */
  private int trainInTime(Backend backend, Work w, TimedRun timed, MutedListener listener)
      throws IOException {
    BudgetStart.Begun begun;
    try (StopRequest stop = new StopRequest(PATIENCE, () -> {})) {
      begun =
          timed.begin(
              backend, w.recipe, w.data, how.toTrainerOptions(), listener, stop::isRequested);
      if (stop.isRequested()) {
        throw new UserError("stopped before training began: nothing is lost");
      }
    }
    Work planned = new Work(w.run, begun.recipe(), w.data, w.resume, w.until);
    int code = train(backend, planned, begun.watch(), listener);
    listener.message(timed.summary(Recipe.read(w.run.config())));
    return code;
  }

  private int train(Backend backend, Work w, BudgetWatch watch, MutedListener listener)
      throws IOException {
    Recipe r = w.recipe;
    ModelInfo info = RunSetup.info(r, w.data);
    try (Trainer trainer =
        new Trainer(backend, r, w.run, w.data, info, how.toTrainerOptions(), listener)) {
      trainer.keepWithin(watch);
      listener.started(describe(w.run, r, w.data, trainer, backend));
      if (listener.lost() != null) {
        throw listener.lost(); // nothing is done yet
      }
      return work(backend, w, trainer, listener);
    }
  }

  private record Work(
      RunFolder run, Recipe recipe, Datasets.Split data, boolean resume, int until) {
    boolean isPause(int epoch) {
      return epoch >= until && epoch < recipe.schedule().epochs();
    }
  }

  private int work(Backend backend, Work w, Trainer trainer, MutedListener listener)
      throws IOException {
    RunFolder run = w.run;
    Runnable onStop = () -> listener.message("stopping after this step, to save it");
    try (StopRequest stop = new StopRequest(PATIENCE, onStop)) {
      Evaluation e =
          trainer.run(
              w.resume,
              () -> stop.isRequested() || listener.lost() != null || w.isPause(listener.epoch()));
      if (e != null) {
        RunFinish.report(backend, run, trainer.recipe(), w.data, e, listener);
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
      "%s, %,d parameters, %dx%d pixels, batch %d, %s in %s on %s (%s)"
          .formatted(
              r.model().name(),
              trainer.model().parameterCount(),
              r.augment().imageSize(),
              r.augment().imageSize(),
              r.schedule().batch(),
              Units.count(r.schedule().epochs(), "epoch"),
              trainer.precision(),
              backend.name(),
              backend.describe()),
      "writing to " + run.root()
    };
  }

  /** The device that was typed, or else the run's. */
  String device(Recipe r) {
    return isGiven("--device") ? common.device() : r.compute().device();
  }

  private int threads(Recipe r, TrainingListener listener) {
    if (isGiven("--threads") && common.threads() != r.compute().threads()) {
      listener.message(
          "warning: with %s instead of %d sums are rounded in another order, so the result will not be the same to the last bit"
              .formatted(Units.count(common.threads(), "thread"), r.compute().threads()));
      return common.threads();
    }
    return r.compute().threads();
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }
}
