package engine.cli;

import engine.base.Suggestion;
import engine.base.UserError;
import engine.console.Units;
import engine.convert.QuantizationJob;
import engine.data.Datasets;
import engine.recipe.Recipe;
import engine.run.Checkpoint;
import engine.run.RunFolder;
import engine.run.RunGroup;
import engine.run.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The recipe that a resumed run goes on with: its own, computed elsewhere or with more epochs if
 * that was typed. An option that says what the recipe says already is no change; any other is
 * refused with the command that does what was meant.
 */
final class ResumedRecipe {
  /** What does not decide a run's result, or may change within a run. */
  private static final Set<String> ALLOWED =
      Set.of(
          "--resume",
          "--out",
          "--data",
          "--device",
          "--threads",
          "--pin-threads",
          "--workers",
          "--json",
          "--debug",
          "--eager",
          "--memory",
          "--augment-on",
          "--autotune",
          "--debug-overflow",
          "--precision",
          "--loss-scale",
          "--loss-scale-init",
          "--loss-scale-growth",
          "--loss-scale-backoff",
          "--loss-scale-interval",
          "--allow-bad-images",
          "--allow-changed-images",
          "--epochs");

  /** With these the weights there are do not fit, or have seen what would be held out. */
  private static final Set<String> FROM_SCRATCH =
      Set.of(
          "--model",
          "--width",
          "--stem",
          "--attention",
          "--weights",
          "--pretrained",
          "--seed",
          "--seeds",
          "--fold",
          "--folds",
          "--split-seed",
          "--val-fraction");

  private static final Set<String> FILES = Set.of("--config", "--recipe");

  private final RunFolder run;
  private final CommandLine line;
  private final RecipeOptions typed;
  private final CommonOptions common;

  ResumedRecipe(RunFolder run, CommandLine line, RecipeOptions typed, CommonOptions common) {
    this.run = run;
    this.line = line;
    this.typed = typed;
    this.common = common;
  }

  /**
   * Reads the run's recipe.
   *
   * @throws ParameterException if an option was typed that cannot change
   * @throws UserError if there is no run, or it cannot go on
   */
  Recipe read() throws IOException {
    requireRun();
    Recipe saved = Recipe.read(run.config());
    List<OptionSpec> given =
        line.getParseResult().matchedOptions().stream()
            .filter(o -> !ALLOWED.contains(o.longestName()))
            .toList();
    List<OptionSpec> changed = given.isEmpty() ? given : changed(given);
    if (!changed.isEmpty()) {
      throw common.wrong(
          "%s cannot change in a resumed run; a new one: %s"
              .formatted(changed.getFirst().longestName(), instead(changed)));
    }
    Recipe r = typed.withPrecision(extended(saved), line, common);
    String moved = typed.movedData();
    if (moved != null) {
      return r.withData(moved);
    }
    if (Datasets.isOwn(r.data().source()) && !Files.exists(Path.of(r.data().source()))) {
      throw new UserError(
          "the pictures of this run are gone from %s: put them back, or say where they are now with --resume %s --data DIR"
              .formatted(r.data().source(), run.root()));
    }
    return r;
  }

  private void requireRun() throws IOException {
    Path job = QuantizationJob.folderOf(run.root());
    if (job != null) {
      throw new UserError(
          "%s holds no training but what engine quantize made: go on with engine quantize --resume %s"
              .formatted(run.root(), job));
    }
    if (SweepPlan.isIn(run.root())) {
      throw new UserError(
          "%s is a sweep: go on with engine sweep --resume %s".formatted(run.root(), run.root()));
    }
    if (!Files.isRegularFile(run.config())) {
      throw new UserError(
          "there is no run in %s to resume: check the folder%s".formatted(run.root(), near()));
    }
    run.requireTrained();
  }

  /** Of a folder that is not there, the run beside it. */
  private String near() {
    return Files.exists(run.root())
        ? ""
        : Suggestion.beside(run.root(), p -> Files.isRegularFile(new RunFolder(p).config()));
  }

  private Recipe extended(Recipe saved) throws IOException {
    int now = saved.schedule().epochs();
    Integer epochs = line.getParseResult().matchedOptionValue("--epochs", (Integer) null);
    if (epochs == null || epochs == now) {
      return saved;
    }
    OptionSpec option = line.getParseResult().matchedOption("--epochs");
    if (epochs < now) {
      throw common.wrong(
          "this run has %s, and a resumed one can only get more; a new one: %s"
              .formatted(Units.count(now, "epoch"), command(List.of(option), false)));
    }
    if (saved.schedule().budget().plan() != null) {
      throw common.wrong(
          "this run has a timetable for its time, so no epochs can be added; a new one from its weights: %s"
              .formatted(command(List.of(option), true)));
    }
    Path last = run.last();
    TrainingState state = last == null ? null : Checkpoint.stateOf(last);
    if (state != null && state.epoch() < now && state.isOutOfPatience(saved.schedule())) {
      throw common.wrong(
          "this run ended in epoch %d of %d for want of a better accuracy (--patience %d), so none can be added; a new one from its weights: %s"
              .formatted(
                  state.epoch(), now, saved.schedule().patience(), command(List.of(option), true)));
    }
    return saved.with(saved.schedule().extendedTo(epochs));
  }

  /**
   * Checks what was typed beside the folder of several runs.
   *
   * @throws ParameterException if any of it would change them
   */
  static void refuseInGroup(Path folder, CommandLine line, CommonOptions common)
      throws IOException {
    RunGroup group = RunGroup.read(folder);
    Map<String, String> saved = ConfigFile.parse(group.recipe().toJson(), "group.json").options();
    Recipe before = RecipeLine.of(saved);
    for (OptionSpec o : line.getParseResult().matchedOptions()) {
      String name = o.longestName();
      boolean same =
          switch (name) {
            case "--seeds" -> group.seeds().toString().equals("[" + spaced(value(o)) + "]");
            case "--folds" -> value(o).equals("" + group.folds());
            case "--data", "--precision" -> !isChanged(o, saved, before);
            default ->
                ALLOWED.contains(name) && !name.startsWith("--loss-scale")
                    || !isChanged(o, saved, before);
          };
      if (!same) {
        throw common.wrong(
            "%s cannot change in %s, whose runs go on as they were begun: start new ones with another --out"
                .formatted(name, folder));
      }
    }
  }

  private static String spaced(String list) {
    return list.replaceAll("\\s*,\\s*", ", ").strip();
  }

  /** Those that say something else than the run's recipe. */
  private List<OptionSpec> changed(List<OptionSpec> given) throws IOException {
    Map<String, String> saved;
    Recipe before;
    try {
      saved = ConfigFile.read(run.config()).options();
      before = RecipeLine.of(saved);
    } catch (UserError e) {
      return given; // the run may be of a model or a device that is no more
    }
    return given.stream().filter(o -> isChanged(o, saved, before)).toList();
  }

  private static boolean isChanged(OptionSpec o, Map<String, String> saved, Recipe before) {
    String name = o.longestName().substring(2);
    if (name.equals("minutes")) {
      return !sameNumber(
          value(o), saved.getOrDefault(name, "0")); // what was planned is another key
    }
    if (FILES.contains(o.longestName()) || !RecipeLine.names().contains(name)) {
      return true; // no setting of a recipe, as --seeds is none
    }
    Map<String, String> with = new LinkedHashMap<>(saved);
    with.put(name, value(o));
    try {
      return !RecipeLine.of(with).equals(before);
    } catch (UserError e) {
      return true;
    }
  }

  private static boolean sameNumber(String a, String b) {
    try {
      return Double.parseDouble(a) == Double.parseDouble(b);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String value(OptionSpec o) {
    return o.arity().max() == 0
        ? Boolean.toString(Boolean.TRUE.equals(o.getValue()))
        : String.join(",", o.originalStringValues());
  }

  private String instead(List<OptionSpec> changed) throws IOException {
    boolean fresh = changed.stream().anyMatch(o -> FROM_SCRATCH.contains(o.longestName()));
    return command(changed, !fresh);
  }

  /** The command that trains anew with some options changed. */
  private String command(List<OptionSpec> changed, boolean fromItsWeights) throws IOException {
    List<Object> words = new ArrayList<>(List.of("engine", "train"));
    boolean file = changed.stream().anyMatch(o -> FILES.contains(o.longestName()));
    if (!file) {
      words.addAll(List.of("--config", run.config()));
    } else {
      Recipe r = Recipe.read(run.config());
      words.addAll(List.of("--data", r.data().source(), "--model", r.model().name()));
      words.addAll(List.of("--width", r.model().width(), "--image-size", r.augment().imageSize()));
    }
    if (fromItsWeights && run.bestOrNull() != null) {
      words.addAll(List.of("--weights", run.root()));
    }
    for (OptionSpec o : changed) {
      String name = o.longestName();
      words.add(
          o.arity().max() == 0 ? name + (Boolean.TRUE.equals(o.getValue()) ? "" : "=false") : name);
      if (o.arity().max() > 0) {
        words.add(value(o));
      }
    }
    return ShellWords.line(words);
  }
}
