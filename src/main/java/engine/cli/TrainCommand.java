package engine.cli;

import engine.backend.Backend;
import engine.backend.Devices;
import engine.base.StopRequest;
import engine.base.UserError;
import engine.data.Datasets;
import engine.report.console.Terminal;
import engine.train.Evaluation;
import engine.train.ModelInfo;
import engine.train.Recipe;
import engine.train.RunFinish;
import engine.train.RunFolder;
import engine.train.RunSetup;
import engine.train.Trainer;
import engine.train.TrainingListener;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
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
          "--device",
          "--threads",
          "--workers",
          "--json",
          "--debug",
          "--allow-bad-images",
          "--eager");

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
      names = "--eager",
      description =
          "Run every step op by op; else the second step is recorded and replayed. Same results.")
  private boolean eager;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunFolder run = new RunFolder(folder());
    Recipe r;
    if (resume != null) {
      refuseRecipeOptions();
      if (!Files.isRegularFile(run.config())) {
        throw new UserError("there is no run in " + run.root() + " to resume: check the folder");
      }
      r = Recipe.fromJson(Files.readString(run.config()), run.config().toString());
    } else {
      if (Files.exists(run.config())) {
        throw new UserError(
            run.root()
                + " holds a run already: choose another --out, or go on with --resume "
                + run.root());
      }
      r = recipe.toRecipe(common);
    }
    return train(run, r);
  }

  private int train(RunFolder run, Recipe r) throws IOException {
    Terminal terminal = Terminal.stdout();
    TrainingListener listener =
        common.json ? new JsonListener(spec.commandLine().getOut()) : new ConsoleListener(terminal);
    Datasets.Split data = RunSetup.open(r, listener::message);
    int threads =
        spec.commandLine().getParseResult().hasMatchedOption("--threads")
            ? common.threads()
            : r.threads();
    try (Backend backend = Devices.open(resume == null ? r.device() : deviceOnResume(r), threads)) {
      Files.createDirectories(run.root());
      if (resume == null) {
        AtomicFiles.writeString(run.config(), r.toJson());
      }
      int decoders = workers != null ? workers : RunSetup.workers();
      ModelInfo info = RunSetup.info(r, data);
      try (Trainer trainer =
          new Trainer(backend, r, run, data, info, decoders, allowBadImages, eager, listener)) {
        if (resume == null && r.initialWeights() != null) {
          trainer.initializeFrom(Path.of(r.initialWeights()));
        }
        listener.started(
            data.description(),
            "%s, %,d parameters, %dx%d pixels, batch %d, %d epochs on %s (%s)"
                .formatted(
                    r.model(),
                    trainer.model().parameterCount(),
                    r.imageSize(),
                    r.imageSize(),
                    r.batch(),
                    r.epochs(),
                    backend.name(),
                    backend.describe()),
            "writing to " + run.root());
        try (StopRequest stop =
            new StopRequest(
                Duration.ofMinutes(1), () -> listener.message("stopping after this batch"))) {
          Evaluation e = trainer.run(resume != null, stop::isRequested);
          if (e == null) {
            return Errors.FAILED;
          }
          RunFinish.report(run, r, data, info, e, listener);
        }
      }
    }
    return 0;
  }

  private String deviceOnResume(Recipe r) {
    return spec.commandLine().getParseResult().hasMatchedOption("--device")
        ? common.device()
        : r.device();
  }

  private Path folder() throws IOException {
    if (resume != null && !resume.isEmpty()) {
      return Path.of(resume);
    }
    if (out != null) {
      return out;
    }
    if (resume != null) {
      throw common.wrong("--resume needs the run folder: --resume runs/NAME");
    }
    String name = recipe.dataName() + "-" + recipe.modelName();
    for (int i = 1; ; i++) {
      Path p = Path.of("runs", i == 1 ? name : name + "-" + i);
      if (!Files.exists(p)) {
        return p;
      }
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
