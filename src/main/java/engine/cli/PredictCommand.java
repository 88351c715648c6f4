package engine.cli;

import engine.backend.Backend;
import engine.base.UserError;
import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.console.Units;
import engine.data.PictureWalk;
import engine.infer.Ensemble;
import engine.infer.LoadedModel;
import engine.infer.Predictor;
import engine.infer.Views;
import engine.infer.Vote;
import engine.recipe.Precision;
import engine.run.RunSetup;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "  engine predict --model resnet50 --weights imagenet picture.jpg",
      "  engine predict --checkpoint runs/a --threshold 0.8 --copy-into sorted 'shots/*.jpg'",
      "",
      "With --out, pictures that the file has an answer for already are passed over, unless they have changed or",
      "could not be read. Whose answers they are is noted in .FILE.engine: those of another checkpoint are refused.",
      "Exits with 1 as long as any picture could not be read; such pictures are listed with the reason."
    })
final class PredictCommand implements Callable<Integer> {
  /** Pictures for which preparing a network's convolutions takes longer than it saves. */
  private static final int FEW = 16;

  private static final Set<String> STANDARD_OUTPUT = Set.of("-", "/dev/stdout", "/dev/fd/1");

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
      description =
          "Write the answers there; if it has some already, go on after them. - is standard output.")
  private Path out;

  @Option(
      names = "--adopt",
      description =
          "Go on after answers in --out of which nothing says what gave them (.FILE.engine is lost, or an older engine wrote them).")
  private boolean adopt;

  @Option(
      names = "--force",
      description = "Begin --out anew where it has answers already, of whatever checkpoint.")
  private boolean force;

  @Option(
      names = "--threshold",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Name only classes of at least this probability; a picture without one is unsure (default 0).")
  private double threshold;

  @Option(
      names = "--copy-into",
      paramLabel = "DIR",
      description =
          "Also copy each picture into a folder of its class in DIR (_unsure below --threshold); nothing there is overwritten.")
  private Path copyInto;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Side of the pictures as the network sees them (default: that of training).")
  private int imageSize;

  @Mixin private TtaOption tta;

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

  @Mixin private PictureInputs inputs;
  private ClassFolders copies;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    checkpoints.check(common);
    checkpoints.openGroups(false, common);
    require(top >= 1, "--top must be at least 1, not " + top);
    require(
        workers == null || workers >= 1 && workers <= 1024,
        "--workers must be between 1 and 1024, not " + workers);
    Vote vote = checkpoints.vote(common);
    if (out != null && STANDARD_OUTPUT.contains(out.toString())) {
      out = null;
    }
    Format as = format();
    if (out != null) {
      PredictionFile.requireOrdinary(out);
      requireSuits(out, as);
      AtomicFiles.tryFolderOf(out);
    }
    require(!adopt || out != null, "--adopt goes with --out, the file of answers to take over");
    require(!force || out != null, "--force goes with --out, the file of answers to begin anew");
    require(!force || !adopt, "--force begins anew and --adopt goes on: give one of them");
    require(
        threshold >= 0 && threshold <= 1, "--threshold must be between 0 and 1, not " + threshold);
    require(
        imageSize == 0 || imageSize >= 8 && imageSize <= 4096,
        "--image-size must be between 8 and 4096, not " + imageSize);
    require(
        out == null || !inputs.readsStdin(),
        "a picture on standard input has no name that --out could go on after: leave --out away");
    try (PictureInputs open = inputs) {
      return answer(open.resolve(common), vote, as);
    }
  }

  private int answer(List<Path> pictures, Vote vote, Format as) throws IOException {
    PredictRun run = new PredictRun(checkpoints.paths().size(), common.err(), inputs::shown);
    PictureWalk walk = new PictureWalk(pictures, (p, why) -> run.unreadable(p + ": " + why));
    if (!walk.hasNext()) {
      throw new UserError(
          "there are no pictures in "
              + (pictures.size() == 1 ? pictures.getFirst() : pictures.size() + " folders")
              + walk.instead("name picture files or a folder of them"));
    }
    if (copyInto != null) {
      ClassFolders.check(copyInto, pictures);
    }
    long failed = 0;
    try (OpenDevice device = OpenDevice.of(common);
        Ensemble models = load(device.backend(), vote)) {
      common.notices(models.models());
      int shown = Math.min(top, models.classes().size());
      int voters = checkpoints.paths().size();
      copies = copyInto == null ? null : new ClassFolders(copyInto, models.classes(), threshold);
      if (as == null) {
        TextPredictions text = new TextPredictions(models.classes(), shown, voters, threshold);
        predict(run, models, walk, answers -> print(answers, text));
        if (run.pictures() > 1) {
          run.agreement().ifPresent(this::say);
        }
      } else {
        PredictionFormat f =
            as == Format.CSV
                ? new CsvPredictions(models.classes(), shown, voters, threshold)
                : new JsonPredictions(models.classes(), shown, voters, threshold);
        if (out == null) {
          printAll(run, models, walk, f);
        } else {
          failed = write(run, models, walk, f, origin(as, shown, vote, device.backend()));
        }
      }
    }
    if (copies != null && !common.json && as == null) {
      say("%s copied into %s".formatted(Units.count(copies.copied(), "picture"), copies));
    }
    walk.passedOver().ifPresent(what -> warn("warning: " + what, as));
    return run.unread() == 0 && failed == 0 ? 0 : Errors.FAILED;
  }

  /** A file's name and --format do not say two things. */
  private void requireSuits(Path file, Format as) {
    OutputFile other = as == Format.CSV ? OutputFile.JSON_LINES : OutputFile.CSV;
    require(
        !other.isNamed(file),
        "--out %s and --format %s do not go together: leave --format away, or name the file otherwise"
            .formatted(file, as.name().toLowerCase(Locale.ROOT)));
  }

  /**
   * For people, and where standard output has JSON as other commands with {@code --json} say it.
   */
  private void warn(String what, Format as) {
    common.err().println("engine: " + what);
    if (common.json && (out != null || as == Format.JSONL)) {
      new JsonListener(spec.commandLine().getOut()).message(what);
    }
  }

  private AnswerOrigin origin(Format as, int shown, Vote vote, Backend backend) throws IOException {
    List<AnswerOrigin.Model> models = new ArrayList<>();
    for (Path p : checkpoints.paths()) {
      double weight = vote.weights().get(models.size());
      models.add(new AnswerOrigin.Model(p.toString(), sha256(LoadedModel.find(p)), weight));
    }
    return new AnswerOrigin(
        as.name().toLowerCase(Locale.ROOT),
        shown,
        models,
        vote.mode().name().toLowerCase(Locale.ROOT),
        Precision.of(checkpoints.precision(), backend, _ -> {}).toString(),
        options());
  }

  /** What else answers depend on, where it was typed. */
  private String options() {
    List<String> typed = new ArrayList<>();
    if (!checkpoints.said().isEmpty()) {
      typed.add(checkpoints.said());
    }
    if (tta.views() != Views.NONE) {
      typed.add("--tta " + tta.views().name().toLowerCase(Locale.ROOT));
    }
    if (imageSize != 0) {
      typed.add("--image-size " + imageSize);
    }
    if (threshold != 0) {
      typed.add("--threshold " + threshold);
    }
    return String.join(" ", typed);
  }

  private static String sha256(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw common.wrong(message);
    }
  }

  private Ensemble load(Backend backend, Vote vote) throws IOException {
    if (inputs.areFewFiles(FEW)) {
      backend.expectFewAnswers();
    }
    // A wrong option is said before a file is looked for.
    Precision precision = common.precision(checkpoints.precision(), backend);
    return Ensemble.load(backend, checkpoints.read(common), precision, imageSize, vote);
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
    int batch = checkpoints.fitting(models, common);
    PredictRun.Sink copying =
        copies == null
            ? sink
            : answers -> {
              copies.take(answers); // before the answer is there, after which it is passed over
              sink.take(answers);
            };
    run.predict(
        new Predictor(models, tta.views()),
        files,
        batch,
        workers != null ? workers : RunSetup.workers(),
        copying);
  }

  private void print(List<Predictor.Answer> answers, TextPredictions text) {
    for (Predictor.Answer a : answers) {
      if (a.failure() == null) {
        say(text.line(named(a)));
      }
    }
  }

  /** By the name that it was given. */
  private Predictor.Answer named(Predictor.Answer a) {
    return new Predictor.Answer(inputs.shown(a.file()), a.verdict(), a.failure());
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
          answers.forEach(a -> to.print(f.record(named(a))));
          to.flush();
        });
  }

  /** Returns how many pictures the file has a reason of, in place of an answer. */
  private long write(
      PredictRun run, Ensemble models, Iterator<Path> files, PredictionFormat f, AnswerOrigin of)
      throws IOException {
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    try (PredictionFile file = new PredictionFile(out, f, of, adopt, force);
        ProgressBar bar = new ProgressBar(terminal, "predicting", 0, "img")) {
      if (file.kept() > 0) {
        bar.println(
            "%s has answers about %s already: going on after them"
                .formatted(out, Units.count(file.kept(), "picture")));
      }
      predict(
          run,
          models,
          new Unwritten(files, file),
          answers -> {
            file.append(answers);
            bar.update(run.pictures(), run.pictures());
          });
      file.finish();
      bar.finish(run.summary() + "; answers: " + out);
      run.agreement().ifPresent(terminal.out()::println);
      if (file.failed() > 0 && run.unread() == 0) {
        common
            .err()
            .println(
                "engine: %s still has a reason in place of an answer for %s that this command does not name: name it, too, to try again, or take its line out"
                    .formatted(out, Units.count(file.failed(), "picture")));
      }
      return file.failed();
    }
  }
}
