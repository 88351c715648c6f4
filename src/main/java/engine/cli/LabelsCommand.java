package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.base.UserError;
import engine.console.ProgressBar;
import engine.console.Table;
import engine.console.Terminal;
import engine.console.Units;
import engine.eval.LabelAudit;
import engine.infer.EvalData;
import engine.run.RunFolder;
import engine.run.RunGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine labels}: pictures whose label is probably wrong. */
@Command(
    name = "labels",
    description =
        "Lists pictures whose label is probably wrong, by what runs say that were not trained on them (confident learning, Northcutt, Jiang and Chuang 2021).",
    footer = {
      "",
      "Examples:",
      "  engine labels runs/photos                       # of what the run held out",
      "  engine train --data photos --folds 5 --out runs/folds",
      "  engine labels runs/folds                        # of all pictures, each by the run that held it out",
      "  engine train --data photos --exclude runs/folds/labels.csv",
      "",
      "Look at the page, and take the rows of pictures whose label is right out of the list."
    })
final class LabelsCommand implements Callable<Integer> {
  private static final int LINES = 10;

  /** An accuracy below which more answers are wrong than labels. */
  private static final double WEAK = 0.8;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Run folders, or the folder of train --folds or --seeds.")
  private List<Path> runs;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Other pictures than the runs held out, as for eval; less what they were trained on.")
  private String data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The list: .csv, .tsv or .jsonl (default: labels.csv in the first folder), for --exclude of train and eval.")
  private Path out;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "The page with the pictures (default: beside the list, as .html).")
  private Path report;

  @Option(names = "--force", description = "Overwrite an existing list.")
  private boolean force;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path list = out != null ? out : defaultList();
    LabelList.require(common, list, force);
    Path page = report != null ? report : beside(list);
    OutputFile.HTML.require(common, "--report", page);
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    try (OpenDevice device = OpenDevice.of(common)) {
      EvalData.Wanted wanted = new EvalData.Wanted(data, null, null, false);
      LabelAudit audit = audit(device.backend(), wanted, new Progress(terminal));
      new LabelList(audit).write(list);
      LabelPage.of(audit, "Labels by " + runs.getFirst()).write(page);
      if (common.json) {
        spec.commandLine().getOut().println(json(audit, list, page));
      } else {
        print(terminal, audit, list, page);
      }
    }
    return 0;
  }

  private LabelAudit audit(Backend backend, EvalData.Wanted wanted, Progress progress)
      throws IOException {
    try {
      return LabelAudit.of(backend, members(), wanted, progress);
    } finally {
      progress.end();
    }
  }

  private Path defaultList() {
    Path first = runs.getFirst();
    if (!Files.exists(first)) {
      throw new UserError("there is no run " + first + ": name a run folder such as runs/NAME");
    }
    if (!Files.isDirectory(first)) {
      throw common.wrong(first + " is no folder: say with --out where the list goes");
    }
    return first.resolve("labels.csv");
  }

  private static Path beside(Path list) {
    String name = list.getFileName().toString();
    return list.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".html");
  }

  /** The runs, those of a group one by one. */
  private List<Path> members() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path run : runs) {
      if (!RunGroup.isIn(run)) {
        all.add(run);
        continue;
      }
      int before = all.size();
      for (String name : RunGroup.read(run).members().keySet()) {
        RunFolder member = new RunFolder(run.resolve(name));
        if (Files.isDirectory(member.root()) && member.bestOrNull() != null) {
          all.add(member.root());
        }
      }
      if (all.size() == before) {
        throw new UserError(run + " holds no finished run: train them first, with --resume " + run);
      }
    }
    return all;
  }

  private void print(Terminal terminal, LabelAudit a, Path list, Path page) {
    var to = terminal.out();
    to.println(
        "%s of %s that no run was trained on have a label that is probably wrong (confident learning)"
            .formatted(Units.count(a.suspects().size()), Units.count(a.pictures(), "picture")));
    if (a.accuracy() < WEAK) {
      to.println(
          "the answers are right for %s alone: such a list has many right labels; train longer, or start from --weights"
              .formatted(Units.percent(a.accuracy())));
    }
    if (a.unread() > 0) {
      to.println(Units.count(a.unread(), "picture") + " could not be read");
    }
    Table table = new Table("file", "label", "seen as", ">probability", ">of the label");
    for (LabelAudit.Suspect s : a.suspects().subList(0, Math.min(LINES, a.suspects().size()))) {
      table.row(
          s.file(),
          a.classes().get(s.label().label()),
          a.classes().get(s.label().predicted()),
          Units.percent(s.label().probability()),
          Units.percent(s.label().selfConfidence()));
    }
    if (!a.suspects().isEmpty()) {
      table.print(terminal);
    }
    if (a.suspects().size() > LINES) {
      to.println("and %,d more".formatted(a.suspects().size() - LINES));
    }
    to.println("list: " + list);
    to.println("page: " + page);
    if (!a.suspects().isEmpty()) {
      to.println("to leave them out: --exclude " + list + ", of train and eval");
    }
  }

  private static JsonObject json(LabelAudit a, Path list, Path page) {
    JsonObject o = new JsonObject();
    o.addProperty("format", 1);
    o.addProperty("method", "confident learning (Northcutt, Jiang and Chuang 2021)");
    o.addProperty("samples", a.pictures());
    o.addProperty("accuracy", a.accuracy());
    o.addProperty("unread", a.unread());
    o.addProperty("list", list.toString());
    o.addProperty("report", page.toString());
    JsonArray classes = new JsonArray();
    int[] suspects = a.suspectsByClass();
    for (int c = 0; c < suspects.length; c++) {
      JsonObject one = new JsonObject();
      one.addProperty("class", a.classes().get(c));
      one.addProperty("support", a.counts()[c]);
      one.addProperty("suspects", suspects[c]);
      classes.add(one);
    }
    o.add("per_class", classes);
    JsonArray all = new JsonArray();
    LabelList rows = new LabelList(a);
    a.suspects().forEach(s -> all.add(rows.json(s)));
    o.add("suspects", all);
    return o;
  }

  /** A bar for each run. */
  private static final class Progress implements LabelAudit.Listener {
    private final Terminal terminal;
    private ProgressBar bar;

    Progress(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void message(String text) {
      terminal.out().println(text);
    }

    @Override
    public IntConsumer run(Path run, int pictures) {
      end();
      ProgressBar now = new ProgressBar(terminal, "answers of " + run, pictures, "img");
      bar = now;
      return n -> now.update(n, n);
    }

    void end() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
