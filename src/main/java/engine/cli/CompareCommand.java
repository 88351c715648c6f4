package engine.cli;

import engine.console.Json;
import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.eval.ComparedRun;
import engine.eval.RunsCompared;
import engine.report.ComparisonReport;
import engine.run.RunGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine compare}: where runs differ. */
@Command(
    name = "compare",
    description =
        "Compares runs: settings, curves, classes, and the pictures that one has right and another wrong.",
    footer = {
      "",
      "Examples:",
      "  engine compare runs/a runs/b",
      "  engine compare runs/a runs/b runs/c --data more-photos --out compare.html"
    })
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description =
          "Run folders (their best checkpoints), checkpoints, or a folder of several runs; the first is measured against.")
  private List<Path> named;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Pictures to compare the answers on, as for eval (default: those that all of the runs held out).")
  private String data;

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      description = "Also write a page, with curves over each other and the pictures.")
  private Path out;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  /** The runs of a folder of several in its place. */
  private List<Path> members() throws IOException {
    List<Path> out = new ArrayList<>();
    for (Path p : named) {
      if (RunGroup.isIn(p)) {
        RunGroup.read(p).members().keySet().forEach(name -> out.add(p.resolve(name)));
      } else {
        out.add(p);
      }
    }
    return out;
  }

  @Override
  public Integer call() throws IOException {
    List<Path> runs = members();
    if (runs.size() < 2) {
      throw common.wrong("one run cannot be compared: name two or more");
    }
    if (out != null) {
      OutputFile.HTML.require(common, "--out", out);
    }
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    List<ComparedRun> found = ComparedRun.of(runs);
    try (OpenDevice device = OpenDevice.of(common)) {
      RunsCompared compared;
      try (ProgressBar bar = new ProgressBar(terminal, "answering", 0, "img")) {
        compared =
            RunsCompared.of(device.backend(), found, data, bar::println, n -> bar.update(n, n));
      }
      if (out != null) {
        ComparisonReport.write(compared.page(true), out);
      }
      if (common.json) {
        spec.commandLine().getOut().println(Json.line(compared.figuresForMachines()));
      } else {
        ComparisonOutput.print(terminal, compared.page(false));
      }
      if (out != null) {
        terminal.out().println("report: " + out);
      }
    }
    return 0;
  }
}
