package engine.cli;

import engine.backend.Backend;
import engine.base.UserError;
import engine.data.PictureWalk;
import engine.report.console.ProgressBar;
import engine.report.console.Terminal;
import engine.train.Ensemble;
import engine.train.Predictor;
import engine.train.RunSetup;
import engine.train.Vote;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine predict}: pictures in, classes out. */
@Command(
    name = "predict",
    description =
        "Says what is on pictures. Folders of any number of files are read as it goes; several checkpoints vote.",
    footer = {
      "",
      "Examples:",
      "  engine predict --checkpoint runs/demo-resnet50 picture.jpg",
      "  engine predict --checkpoint runs/a photos --out answers.jsonl      # run again after a stop: it goes on",
      "  engine predict --checkpoint runs/a --checkpoint runs/b --vote-weights 2,1 photos --out answers.csv",
      "",
      "With --out, pictures that the file has an answer for already are passed over.",
      "Exits with 1 if any picture could not be read; such pictures are listed with the reason."
    })
final class PredictCommand implements Callable<Integer> {
  /** Pictures for which preparing a network's convolutions takes longer than it saves. */
  private static final int FEW = 16;

  private enum Format {
    JSONL,
    CSV
  }

  @Mixin private CheckpointOptions checkpoints;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "How many classes to name (default 5).")
  private int top;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the answers there; if it has some already, go on after them.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "jsonl or csv (default: by the name of --out; without --out lines for people, with --json jsonl).")
  private Format format;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that decode pictures, at low priority (default: one a core).")
  private Integer workers;

  @Parameters(paramLabel = "PICTURE", arity = "1..*", description = "Pictures, or folders of them.")
  private List<Path> inputs;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    checkpoints.check(common);
    require(top >= 1, "--top must be at least 1, not " + top);
    require(
        workers == null || workers >= 1 && workers <= 1024,
        "--workers must be between 1 and 1024, not " + workers);
    Vote vote = checkpoints.vote(common);
    Format as = format();
    PredictRun run = new PredictRun(checkpoints.paths().size(), common.err());
    PictureWalk walk = new PictureWalk(inputs, (p, why) -> run.unreadable(p + ": " + why));
    if (!walk.hasNext()) {
      throw new UserError(
          "there are no pictures in "
              + inputs.getFirst()
              + ": name picture files or a folder of them");
    }
    try (OpenDevice device = OpenDevice.of(common);
        Ensemble models = load(device.backend(), vote)) {
      common.notices(models.models());
      int shown = Math.min(top, models.classes().size());
      int voters = checkpoints.paths().size();
      if (as == null) {
        TextPredictions text = new TextPredictions(models.classes(), shown, voters);
        predict(run, models, walk, answers -> print(answers, text));
        if (run.pictures() > 1) {
          run.agreement().ifPresent(this::say);
        }
      } else {
        PredictionFormat f =
            as == Format.CSV
                ? new CsvPredictions(models.classes(), shown, voters)
                : new JsonPredictions(models.classes(), shown, voters);
        if (out == null) {
          printAll(run, models, walk, f);
        } else {
          write(run, models, walk, f);
        }
      }
    }
    return run.unread() == 0 ? 0 : Errors.FAILED;
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw common.wrong(message);
    }
  }

  private Ensemble load(Backend backend, Vote vote) throws IOException {
    if (inputs.size() <= FEW && inputs.stream().allMatch(Files::isRegularFile)) {
      backend.expectFewAnswers();
    }
    return Ensemble.load(
        backend, checkpoints.paths(), common.precision(checkpoints.precision(), backend), 0, vote);
  }

  /** The format of the records, or null for lines for people. */
  private Format format() {
    if (format != null) {
      return format;
    }
    if (out == null) {
      return common.json ? Format.JSONL : null;
    }
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return Format.CSV;
    }
    require(
        name.endsWith(".jsonl") || name.endsWith(".ndjson"),
        "--out " + out + " ends neither in .jsonl nor in .csv: say which with --format");
    return Format.JSONL;
  }

  private void predict(PredictRun run, Ensemble models, Iterator<Path> files, PredictRun.Sink sink)
      throws IOException {
    run.predict(
        models, files, checkpoints.batch(), workers != null ? workers : RunSetup.workers(), sink);
  }

  private void print(List<Predictor.Answer> answers, TextPredictions text) {
    for (Predictor.Answer a : answers) {
      if (a.failure() == null) {
        say(text.line(a));
      }
    }
  }

  private void say(String line) {
    PrintWriter to = spec.commandLine().getOut();
    to.println(line);
    to.flush();
  }

  private void printAll(PredictRun run, Ensemble models, Iterator<Path> files, PredictionFormat f)
      throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    to.print(f.header());
    predict(
        run,
        models,
        files,
        answers -> {
          answers.forEach(a -> to.print(f.record(a)));
          to.flush();
        });
  }

  private void write(PredictRun run, Ensemble models, Iterator<Path> files, PredictionFormat f)
      throws IOException {
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    try (PredictionFile file = new PredictionFile(out, f);
        ProgressBar bar = new ProgressBar(terminal, "predicting", 0, "img")) {
      if (file.kept() > 0) {
        bar.println(
            "%s has answers about %,d pictures already: going on after them"
                .formatted(out, file.kept()));
      }
      predict(
          run,
          models,
          new Unwritten(files, file),
          answers -> {
            file.append(answers.stream().map(f::record).toList());
            bar.update(run.pictures(), run.pictures());
          });
      bar.finish(run.summary() + "; answers: " + out);
      run.agreement().ifPresent(terminal.out()::println);
    }
  }
}
