package engine.cli;

import engine.base.StopRequest;
import engine.base.UserError;
import engine.console.Json;
import engine.console.Terminal;
import engine.console.Units;
import engine.report.Comparison;
import engine.report.ComparisonReport;
import engine.report.Decoration;
import engine.report.EpochMetrics;
import engine.run.MetricsLog;
import engine.run.NotFiniteException;
import engine.run.RunFolder;
import engine.run.RunGroup;
import engine.run.RunLock;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Successive halving (Jamieson and Talwalkar 2016): all trials train to the first rung, the best of
 * them to the next, and so on. A trial that goes on is the very run that it would have been alone,
 * so a killed sweep goes on from what its trials have logged.
 */
final class SweepTraining {
  private static final int CURVES = 8;

  private final Path root;
  private final SweepPlan plan;
  private final TrainingJob job;

  /** Why a trial could not go on, by its number from 0. */
  private final Map<Integer, String> failed = new TreeMap<>();

  private final Set<String> warned = new HashSet<>();

  SweepTraining(Path root, SweepPlan plan, TrainingJob job) {
    this.root = root;
    this.plan = plan;
    this.job = job;
  }

  /** Trains what is left to train; the exit code. */
  int run() throws IOException {
    try (RunLock _ = new RunFolder(root).lock();
        StopRequest stop = new StopRequest(TrainingJob.PATIENCE, () -> {})) {
      List<Integer> left = IntStream.range(0, plan.trials().size()).boxed().toList();
      for (int rung = 0; rung < plan.rungs().size(); rung++) {
        int epochs = plan.rungs().get(rung);
        say(
            "rung %d of %d: %s to epoch %d"
                .formatted(rung + 1, plan.rungs().size(), trials(left.size()), epochs));
        for (int trial : left) {
          if (!reached(trial, epochs) && !failed.containsKey(trial)) {
            train(trial, epochs);
          }
          if (stop.isRequested() || !reached(trial, epochs) && !failed.containsKey(trial)) {
            say("stopped: go on with --resume " + root);
            return Errors.FAILED;
          }
        }
        left = best(left, epochs, rung + 1 < plan.rungs().size());
      }
      finish(left);
      return left.isEmpty() ? Errors.FAILED : 0;
    }
  }

  private static String trials(int n) {
    return n == 1 ? "1 trial" : "%,d trials".formatted(n);
  }

  private RunFolder folder(int trial) {
    return new RunFolder(root.resolve("trial-%03d".formatted(trial + 1)));
  }

  private List<EpochMetrics> epochs(int trial) throws IOException {
    Path log = folder(trial).metrics();
    return Files.exists(log) ? MetricsLog.read(log) : List.of();
  }

  /** A line of the log may be ahead of the checkpoint by a kill: then that epoch comes again. */
  private boolean reached(int trial, int epochs) throws IOException {
    return RunGroup.isFinished(folder(trial), plan.recipe(trial))
        || epochs < plan.rungs().getLast()
            && epochs(trial).size() >= epochs
            && folder(trial).lastOrNull() != null;
  }

  private void train(int trial, int epochs) throws IOException {
    RunFolder run = folder(trial);
    boolean goesOn = Files.isRegularFile(run.config());
    try {
      job.train(
          run,
          plan.recipe(trial),
          goesOn,
          new TrialListener(
              Terminal.stdout(),
              run.root().getFileName().toString(),
              job.common().json,
              this::warn),
          epochs);
      say(
          "%s: %s = %s after %s (%s)"
              .formatted(
                  run.root(),
                  plan.metric(),
                  Units.figure(score(trial, epochs)),
                  Units.count(epochs(trial).size(), "epoch"),
                  settings(trial)));
    } catch (UserError e) {
      if (!(e.getCause() instanceof NotFiniteException)) {
        throw e; // the next would end in the same way
      }
      failed.put(trial, e.getMessage());
      say("%s failed: %s (%s)".formatted(run.root(), e.getMessage(), settings(trial)));
    }
  }

  /** What concerns the pictures or the options of all trials is said once. */
  private void warn(String line) {
    if (warned.add(line)) {
      say(line);
    }
  }

  private String settings(int trial) {
    return plan.trials().get(trial).entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The best value of the metric up to an epoch; NaN where there is none. */
  private double score(int trial, int until) throws IOException {
    double best = Double.NaN;
    for (EpochMetrics e : epochs(trial)) {
      double v = value(e);
      boolean better = Double.isNaN(best) || (plan.isLoss() ? v < best : v > best);
      best = e.epoch() <= until && better ? v : best;
    }
    return best;
  }

  private double value(EpochMetrics e) {
    return switch (plan.metric()) {
      case "val_accuracy" -> e.valAccuracy();
      case "val_loss" -> e.valLoss();
      case "train_loss" -> e.trainLoss();
      default -> {
        Double v = e.extra().get(plan.metric());
        if (v == null) {
          throw new UserError(
              "these runs have no %s, which needs --ema: take another 'metric'"
                  .formatted(plan.metric()));
        }
        yield v;
      }
    };
  }

  /** Those that go on, best first; of equal ones the first drawn. */
  private List<Integer> best(List<Integer> of, int epochs, boolean fewer) throws IOException {
    Map<Integer, Double> scores = new LinkedHashMap<>();
    for (int trial : of) {
      double s = failed.containsKey(trial) ? Double.NaN : score(trial, epochs);
      if (!Double.isNaN(s)) {
        scores.put(trial, plan.isLoss() ? s : -s);
      }
    }
    int most = fewer ? Math.ceilDiv(of.size(), plan.keep()) : of.size();
    return scores.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The table, the page, and the best command. */
  private void finish(List<Integer> left) throws IOException {
    List<Integer> order = ranked();
    if (left.isEmpty()) {
      throw new UserError(
          "every trial failed, the first like this: " + failed.values().iterator().next());
    }
    Comparison page = page(order, left.getFirst());
    Path report = new RunFolder(root).report();
    AtomicFiles.writeString(
        root.resolve("report.json"), Json.page(figures(order, left.getFirst())));
    boolean written =
        new Decoration(this::say)
            .attempt("the report " + report, () -> ComparisonReport.write(page, report));
    if (job.common().json) {
      print(Json.line(figures(order, left.getFirst())));
    } else {
      ComparisonOutput.print(Terminal.stdout(), page);
      if (written) {
        say("report: " + report);
      }
    }
  }

  /** Those that went furthest first, then by the metric. */
  private List<Integer> ranked() throws IOException {
    Map<Integer, Integer> length = new LinkedHashMap<>();
    Map<Integer, Double> score = new LinkedHashMap<>();
    for (int t = 0; t < plan.trials().size(); t++) {
      length.put(t, failed.containsKey(t) ? -1 : epochs(t).size());
      double s = score(t, Integer.MAX_VALUE);
      score.put(t, Double.isNaN(s) ? Double.MAX_VALUE : plan.isLoss() ? s : -s);
    }
    return length.keySet().stream()
        .sorted(
            Comparator.comparingInt((Integer t) -> -length.get(t)).thenComparingDouble(score::get))
        .toList();
  }

  private Comparison page(List<Integer> order, int best) throws IOException {
    List<String> names = List.copyOf(plan.trials().getFirst().keySet());
    List<String> columns = new ArrayList<>(List.of("trial"));
    names.forEach(n -> columns.add(">" + n));
    columns.addAll(List.of(">epochs", ">" + plan.metric()));
    List<List<String>> rows = new ArrayList<>();
    List<Comparison.Curve> curves = new ArrayList<>();
    for (int t : order) {
      List<String> row = new ArrayList<>(List.of(folder(t).root().getFileName().toString()));
      names.forEach(n -> row.add(plan.trials().get(t).get(n)));
      row.add(Integer.toString(epochs(t).size()));
      row.add(failed.containsKey(t) ? "failed" : Units.figure(score(t, Integer.MAX_VALUE)));
      rows.add(row);
      if (curves.size() < CURVES) {
        curves.add(new Comparison.Curve(row.getFirst(), epochs(t)));
      }
    }
    return new Comparison(
        "Sweep of " + String.join(", ", names),
        "%s, rungs at epochs %s, one of %d goes on"
            .formatted(trials(order.size()), plan.rungs(), plan.keep()),
        List.of(
            new Comparison.Figure(
                "Best " + plan.metric(),
                Units.figure(score(best, Integer.MAX_VALUE)),
                folder(best).root() + ", " + settings(best))),
        failed.isEmpty() ? List.of() : List.of(trials(failed.size()) + " failed"),
        new Comparison.Parts(
            List.of(new Comparison.Grid("Trials", "The furthest and best first.", columns, rows)),
            curves,
            List.of()),
        List.of(plan.command(best)));
  }

  private Map<String, Object> figures(List<Integer> order, int best) throws IOException {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("event", "sweep");
    out.put("format", 1);
    out.put("metric", plan.metric());
    out.put("rungs", plan.rungs());
    List<Map<String, Object>> trials = new ArrayList<>();
    for (int t : order) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("run", folder(t).root().toString());
      Map<String, String> options = new LinkedHashMap<>();
      plan.trials().get(t).forEach((name, value) -> options.put(name.replace('-', '_'), value));
      one.put("options", options);
      one.put("epochs", epochs(t).size());
      one.put("score", score(t, Integer.MAX_VALUE));
      if (failed.containsKey(t)) {
        one.put("failed", failed.get(t));
      }
      trials.add(one);
    }
    out.put("trials", trials);
    out.put("best", folder(best).root().toString());
    out.put("command", plan.command(best));
    return out;
  }

  private void say(String line) {
    if (job.common().json) {
      print(Json.line(Map.of("event", "message", "text", line)));
    } else {
      Terminal.stdout().out().println(line);
    }
  }

  private void print(String line) {
    job.spec().commandLine().getOut().println(line);
    job.spec().commandLine().getOut().flush();
  }
}
