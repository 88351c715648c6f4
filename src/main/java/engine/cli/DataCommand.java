package engine.cli;

import engine.base.CacheFolders;
import engine.console.Json;
import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.data.ClassBalance;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.audit.DataAudit;
import engine.infer.Pictures;
import engine.report.DataPage;
import engine.report.Thumbnail;
import engine.run.RunSetup;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine data}: what is wrong with pictures, before they are trained on. */
@Command(
    name = "data",
    description =
        "Looks for what is wrong with pictures before training: broken files, the same picture twice, in two classes or on both sides, sizes, uneven classes.",
    footer = {
      "",
      "Examples:",
      "  engine data photos",
      "  engine data photos --report photos.html --image-size 128"
    })
final class DataCommand implements Callable<Integer> {
  /** Groups, and pictures of each, that a page shows. */
  private static final int MOST_GROUPS = 60;

  private static final int MOST_OF_GROUP = 12;
  private static final int THUMBNAIL = 160;

  /** Lines of each kind in a terminal. */
  private static final int FEW = 5;

  private static final int MOST_LINES = 500;

  @Parameters(
      paramLabel = "DATA",
      description = "What --data of train takes, such as a folder of class folders.")
  private String data;

  @Option(
      names = "--val-fraction",
      paramLabel = "F",
      defaultValue = "0.2",
      description =
          "Share of pictures that train would hold out where there is no val folder (0.2).")
  private double valFraction;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      defaultValue = "224",
      description = "Pixels of the network's input; pictures of less than half are named (224).")
  private int imageSize;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write a page with the pictures that are alike, as HTML.")
  private Path report;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!(valFraction > 0 && valFraction < 1)) {
      throw common.wrong("--val-fraction must be above 0 and below 1, not " + valFraction);
    }
    if (imageSize < 1 || imageSize > 8192) {
      throw common.wrong("--image-size must be between 1 and 8192, not " + imageSize);
    }
    if (report != null) {
      OutputFile.HTML.require(common, "--report", report);
    }
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    Datasets.Split split =
        Datasets.open(RunSetup.absolute(data), CacheFolders::writable, common.seed, valFraction);
    split.warnings().forEach(w -> terminal.out().println("warning: " + w));
    int all = split.train().size() + split.val().size();
    DataAudit audit;
    try (ProgressBar bar = new ProgressBar(terminal, "pictures", all, "pictures")) {
      audit = DataAudit.of(split, imageSize, RunSetup.workers(), n -> bar.update(n, n));
    }
    if (report != null) {
      page(audit, split).write(report);
    }
    if (common.json) {
      spec.commandLine().getOut().println(Json.line(audit));
    } else {
      print(terminal.out(), audit, split);
    }
    return 0;
  }

  private void print(PrintWriter out, DataAudit a, Datasets.Split split) {
    out.println(split.description());
    if (a.sizes() != null) {
      DataAudit.Sizes s = a.sizes();
      out.println(
          "sizes: %dx%d to %dx%d, median %dx%d"
              .formatted(
                  s.smallestWidth(),
                  s.smallestHeight(),
                  s.largestWidth(),
                  s.largestHeight(),
                  s.medianWidth(),
                  s.medianHeight()));
    }
    for (DataPage.Fact f : facts(a)) {
      out.println(
          "%s: %s%s"
              .formatted(f.label(), f.value(), f.remark().isEmpty() ? "" : "; " + f.remark()));
    }
    list(out, a.broken().stream().map(DataAudit.Broken::why).toList());
    list(out, lines(a, DataAudit.Group::contradicts));
    list(out, lines(a, g -> g.leaks() && !g.contradicts()));
    if (report != null) {
      out.println("page: " + report);
    }
  }

  private static void list(PrintWriter out, List<String> lines) {
    lines.stream().limit(FEW).forEach(l -> out.println("  " + l));
    if (lines.size() > FEW) {
      out.println("  and %,d more; --report or --json has all".formatted(lines.size() - FEW));
    }
  }

  /** Below the folder that was named, where it is one. */
  private String shortened(String name) {
    String folder = RunSetup.absolute(data) + File.separator;
    return name.startsWith(folder) ? name.substring(folder.length()) : name;
  }

  private List<String> lines(DataAudit a, Predicate<DataAudit.Group> which) {
    return a.groups().stream()
        .filter(which)
        .map(
            g ->
                (g.equal() ? "equal: " : "alike: ")
                    + String.join(
                        ", ",
                        g.pictures().stream()
                            .limit(FEW)
                            .map(p -> shortened(p.name()) + (p.isVal() ? " (validation)" : ""))
                            .toList()))
        .toList();
  }

  private List<DataPage.Fact> facts(DataAudit a) {
    return List.of(
        new DataPage.Fact(
            "cannot be read",
            "%,d".formatted(a.broken().size()),
            a.broken().isEmpty() ? "" : "replace or remove them"),
        new DataPage.Fact(
            "equal or nearly equal to another",
            "%,d".formatted(a.repeated()),
            a.repeated() == 0
                ? ""
                : "in %,d %s"
                    .formatted(a.groups().size(), a.groups().size() == 1 ? "group" : "groups")),
        new DataPage.Fact(
            "validation pictures that are trained on",
            "%,d".formatted(a.leaked()),
            a.leaked() == 0
                ? ""
                : "accuracy is measured on what was learned: keep each group on one side"),
        new DataPage.Fact(
            "groups in several classes",
            "%,d".formatted(a.contradictions()),
            a.contradictions() == 0 ? "" : "all labels of a group but one are wrong"),
        new DataPage.Fact(
            "far smaller than %d pixels".formatted(imageSize),
            "%,d".formatted(a.small().size()),
            a.small().isEmpty()
                ? ""
                : "they are enlarged more than twice: try a smaller --image-size"));
  }

  private DataPage page(DataAudit a, Datasets.Split split) {
    return new DataPage(
        "Pictures of " + Path.of(data).getFileName(),
        split.description(),
        facts(a),
        IntStream.range(0, a.classes().size())
            .mapToObj(c -> new DataPage.ClassCount(a.classes().get(c), a.train()[c], a.val()[c]))
            .toList(),
        galleries(a, split),
        listings(a, split));
  }

  private List<DataPage.Gallery> galleries(DataAudit a, Datasets.Split split) {
    List<DataPage.Gallery> out = new ArrayList<>();
    add(
        out,
        "In several classes",
        "The same picture with different labels: at most one of them is right.",
        a.groups().stream().filter(DataAudit.Group::contradicts).toList(),
        a,
        split);
    add(
        out,
        "On both sides",
        "Pictures to validate on that are equal or nearly equal to pictures to train on.",
        a.groups().stream().filter(g -> g.leaks() && !g.contradicts()).toList(),
        a,
        split);
    add(
        out,
        "Alike",
        "Equal or nearly equal pictures of one class and one side: they count several times.",
        a.groups().stream().filter(g -> !g.leaks() && !g.contradicts()).toList(),
        a,
        split);
    return out;
  }

  private void add(
      List<DataPage.Gallery> out,
      String heading,
      String remark,
      List<DataAudit.Group> groups,
      DataAudit a,
      Datasets.Split split) {
    if (groups.isEmpty()) {
      return;
    }
    String more =
        groups.size() > MOST_GROUPS
            ? " The first %d of %,d groups.".formatted(MOST_GROUPS, groups.size())
            : "";
    out.add(
        new DataPage.Gallery(
            heading,
            remark + more,
            groups.stream()
                .limit(MOST_GROUPS)
                .map(
                    g ->
                        g.pictures().stream()
                            .limit(MOST_OF_GROUP)
                            .map(p -> shown(p, a, split))
                            .toList())
                .toList()));
  }

  private DataPage.Shown shown(DataAudit.Picture p, DataAudit a, Datasets.Split split) {
    Dataset from = p.isVal() ? split.val() : split.train();
    byte[] image = null;
    try {
      image = Thumbnail.jpeg(Pictures.buffered(from.load(p.index())), THUMBNAIL);
    } catch (IOException e) {
      // It could be read a moment ago; its name stands there without it.
    }
    String side = p.isVal() ? "validation" : "training";
    return new DataPage.Shown(
        image,
        "%s, %s, %dx%d".formatted(a.classes().get(p.label()), side, p.width(), p.height()),
        shortened(p.name()));
  }

  private List<DataPage.Listing> listings(DataAudit a, Datasets.Split split) {
    List<DataPage.Listing> out = new ArrayList<>();
    if (!a.broken().isEmpty()) {
      out.add(
          new DataPage.Listing(
              "Cannot be read",
              "",
              a.broken().stream().limit(MOST_LINES).map(DataAudit.Broken::why).toList()));
    }
    if (!a.small().isEmpty()) {
      out.add(
          new DataPage.Listing(
              "Far smaller than the network's input",
              "The shorter side has less than half of %d pixels.".formatted(imageSize),
              a.small().stream()
                  .limit(MOST_LINES)
                  .map(p -> "%s: %dx%d".formatted(shortened(p.name()), p.width(), p.height()))
                  .toList()));
    }
    List<String> warnings = new ArrayList<>(split.warnings());
    ClassBalance.of(split.train())
        .warning()
        .filter(w -> !warnings.contains(w))
        .ifPresent(warnings::add);
    if (!warnings.isEmpty()) {
      out.add(new DataPage.Listing("Warnings", "", warnings));
    }
    return out;
  }
}
