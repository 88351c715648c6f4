package engine.cli;

import engine.base.Suggestion;
import engine.base.UserError;
import engine.run.RunFolder;
import engine.run.RunSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine sweep}: the best of many settings. */
@Command(
    name = "sweep",
    description =
        "Tries many settings of train and ends the worst early (successive halving); a file says which.",
    footer = {
      "",
      "Examples:",
      "  engine sweep sweep.yaml",
      "  engine sweep sweep.yaml --out runs/sweep --seed 1",
      "  engine sweep --resume runs/sweep"
    })
final class SweepCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Options of all trials, and a group 'sweep' with what is varied: YAML or JSON.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder to write (default: a new one under runs/).")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the sweep in DIR: trials that have come far enough are kept.")
  private Path resume;

  @Mixin private TrainingOptions how;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    how.check(resume != null, common);
    TrainingJob job = new TrainingJob(how, common, spec);
    if (resume != null) {
      if (file != null || out != null) {
        throw common.wrong("--resume " + resume + " names the sweep already: leave out the rest");
      }
      if (!SweepPlan.isIn(resume)) {
        throw new UserError(
            "there is no sweep in %s to resume: check the folder%s"
                .formatted(resume, Suggestion.beside(resume, SweepPlan::isIn)));
      }
      return new SweepTraining(resume, SweepPlan.read(resume), job).run();
    }
    if (file == null) {
      throw common.wrong("a file is missing that says what to try: engine sweep sweep.yaml");
    }
    SweepPlan plan = plan();
    if (out != null) {
      requireNew(new RunFolder(out));
    }
    RunSetup.open(plan.recipe(0), _ -> {}); // what is wrong with the pictures is said first
    RunFolder folder = out != null ? new RunFolder(out) : claimed();
    folder.lock().close(); // makes the folder, or says why it cannot
    plan.write(folder.root());
    return new SweepTraining(folder.root(), plan, job).run();
  }

  private static void requireNew(RunFolder folder) {
    if (SweepPlan.isIn(folder.root())) {
      throw new UserError(
          "%s holds a sweep already: choose another --out, or go on with --resume %s"
              .formatted(folder.root(), folder.root()));
    }
    folder.requireUnused();
    folder.requireWritable();
  }

  private SweepPlan plan() throws IOException {
    try {
      return SweepPlan.of(file, common.seed, typed());
    } catch (UserError e) {
      throw common.wrong(e.getMessage());
    }
  }

  private Map<String, String> typed() {
    Map<String, String> out = new LinkedHashMap<>();
    if (spec.commandLine().getParseResult().hasMatchedOption("--device")) {
      out.put("device", common.device());
    }
    if (common.threads() > 0) {
      out.put("threads", Integer.toString(common.threads()));
    }
    return out;
  }

  private RunFolder claimed() {
    String stem = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    String name = stem.replaceAll("[^\\p{L}\\p{N}._-]+", "-");
    return RunFolder.claim(Path.of("runs", name.isBlank() ? "sweep" : name));
  }
}
