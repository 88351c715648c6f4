package engine.cli;

import engine.base.StopRequest;
import engine.base.UserError;
import engine.console.Json;
import engine.console.Terminal;
import engine.console.Units;
import engine.eval.GroupSummary;
import engine.recipe.Recipe;
import engine.report.Comparison;
import engine.report.ComparisonReport;
import engine.report.Decoration;
import engine.run.NotFiniteException;
import engine.run.RunFolder;
import engine.run.RunGroup;
import engine.run.RunLock;
import engine.run.RunSetup;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains the members of a group one after the other. Each is a run like any other; those that have
 * ended are kept when the group goes on.
 *
 * @param root the group's folder
 */
record GroupTraining(Path root, TrainingJob job, CommonOptions common) {
  /** Trains a new group. */
  int begin(RunGroup group) throws IOException {
    RunFolder folder = new RunFolder(root);
    folder.requireUnused();
    if (RunGroup.isIn(root)) {
      throw new UserError(
          "%s holds a group of runs already: choose another --out, or go on with --resume %s"
              .formatted(root, root));
    }
    folder.requireWritable();
    // What is wrong with the pictures is said before there is a folder.
    List<Recipe> recipes = List.copyOf(group.members().values());
    RunSetup.open(recipes.getFirst(), _ -> {});
    RunSetup.open(recipes.getLast(), _ -> {}); // of parts the last is the smallest
    try (RunLock _ = folder.lock()) {
      group.write(root);
      return train(group);
    }
  }

  /**
   * Goes on with a group.
   *
   * @param epochs that it shall have, or null
   */
  int resume(Integer epochs) throws IOException {
    try (RunLock _ = new RunFolder(root).lock()) {
      RunGroup group = RunGroup.read(root);
      int now = group.recipe().schedule().epochs();
      if (epochs != null && epochs < now) {
        throw common.wrong(
            "these runs have %s, and resumed ones can only get more: start new ones with another --out"
                .formatted(Units.count(now, "epoch")));
      }
      if (epochs != null && epochs > now) {
        Recipe r = group.recipe();
        group = group.with(r.with(r.schedule().extendedTo(epochs)));
        group.write(root);
      }
      return train(group);
    }
  }

  private int train(RunGroup group) throws IOException {
    List<String> failed = new ArrayList<>();
    List<GroupSummary.Member> done = new ArrayList<>();
    Map<String, Recipe> members = group.members();
    try (StopRequest stop = new StopRequest(TrainingJob.PATIENCE, () -> {})) {
      int number = 0;
      for (Map.Entry<String, Recipe> m : members.entrySet()) {
        RunFolder run = new RunFolder(root.resolve(m.getKey()));
        number++;
        if (RunGroup.isFinished(run, m.getValue()) && Files.exists(run.report())) {
          say("%s has ended and is kept".formatted(run.root()));
        } else {
          say("run %d of %d: %s".formatted(number, members.size(), run.root()));
          boolean goesOn = Files.isRegularFile(run.config());
          if (!trained(run, m.getValue(), goesOn, failed)) {
            say("the runs that have ended are kept: go on with --resume " + root);
            return Errors.FAILED;
          }
        }
        if (RunGroup.isFinished(run, m.getValue())) {
          done.add(GroupSummary.Member.of(m.getKey(), run, m.getValue()));
        }
        if (stop.isRequested() && number < members.size()) {
          say("stopped: go on with --resume " + root);
          return Errors.FAILED;
        }
      }
    }
    if (done.isEmpty()) {
      throw new UserError(failed.getFirst());
    }
    summarize(group, done, failed);
    return failed.isEmpty() ? 0 : Errors.FAILED;
  }

  /** Whether a member came to its end, be it that it diverged; false if it was stopped. */
  private boolean trained(RunFolder run, Recipe r, boolean goesOn, List<String> failed)
      throws IOException {
    try {
      return job.train(run, r, goesOn) == 0;
    } catch (UserError e) {
      if (!(e.getCause() instanceof NotFiniteException)) {
        throw e; // the next would end in the same way
      }
      failed.add("%s failed: %s".formatted(run.root(), e.getMessage()));
      say(failed.getLast());
      return true;
    }
  }

  private void summarize(RunGroup group, List<GroupSummary.Member> done, List<String> failed)
      throws IOException {
    Recipe r = group.recipe();
    try (OpenDevice device = OpenDevice.of(common, job.device(r), r.compute().threads())) {
      GroupSummary summary = GroupSummary.of(device.backend(), group, done);
      Comparison page =
          summary.page("%s on %s".formatted(r.model().name(), r.data().name()), failed);
      Path report = new RunFolder(root).report();
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("event", "group");
      figures.putAll(summary.figuresForMachines());
      figures.put("failed", failed);
      AtomicFiles.writeString(root.resolve("report.json"), Json.page(figures));
      boolean written =
          new Decoration(this::say)
              .attempt("the report " + report, () -> ComparisonReport.write(page, report));
      if (common.json) {
        printLine(Json.line(figures));
      } else {
        ComparisonOutput.print(Terminal.stdout(), page);
        if (written) {
          say("report: " + report);
        }
      }
    }
  }

  private void say(String line) {
    Consumer<String> to = common.json ? this::printLine : Terminal.stdout().out()::println;
    to.accept(common.json ? Json.line(Map.of("event", "message", "text", line)) : line);
  }

  private void printLine(String line) {
    job.spec().commandLine().getOut().println(line);
    job.spec().commandLine().getOut().flush();
  }
}
