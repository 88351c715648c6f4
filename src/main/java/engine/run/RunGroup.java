package engine.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import engine.base.JsonText;
import engine.base.Setting;
import engine.base.UserError;
import engine.recipe.DataSettings;
import engine.recipe.JsonSeal;
import engine.recipe.Recipe;
import engine.recipe.RecipeChecks;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Runs of one recipe that differ in their seed, or in which part of the pictures they hold out: a
 * folder with a run in each of its folders, and {@code group.json}, from which it goes on.
 *
 * @param seeds of the members, which all hold out the same pictures; empty where they are folds
 * @param folds how many parts there are, each held out by one member; 0 where they are seeds
 * @param recipe that the members share
 */
public record RunGroup(List<Long> seeds, int folds, Recipe recipe) {
  private static final String FILE = "group.json";
  private static final int FORMAT = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** As the file has it. */
  private record Content(int format, List<Long> seeds, int folds, Recipe recipe) {}

  public RunGroup {
    seeds = List.copyOf(seeds);
    RecipeChecks.that(
        folds != 0 || seeds.size() >= 2 && seeds.stream().distinct().count() == seeds.size(),
        Setting.SEEDS + " takes two or more different seeds, such as 0,1,2; not " + seeds);
    RecipeChecks.that(
        folds == 0 || folds >= 2 && folds <= 100,
        Setting.FOLDS + " must be between 2 and 100, not " + folds);
  }

  public boolean isOfFolds() {
    return folds > 0;
  }

  /** The recipe of each member by the name of its folder. */
  public Map<String, Recipe> members() {
    Map<String, Recipe> out = new LinkedHashMap<>();
    DataSettings data = recipe.data();
    long split = data.splitSeed() != null ? data.splitSeed() : recipe.compute().seed();
    for (long seed : seeds) {
      out.put(
          "seed-" + seed,
          recipe.with(data.withHeldOut(split, data.fold())).with(recipe.compute().withSeed(seed)));
    }
    for (int i : IntStream.rangeClosed(1, folds).toArray()) {
      out.put("fold-" + i, recipe.with(data.withHeldOut(split, i + "/" + folds)));
    }
    return out;
  }

  /** The same with another recipe for all. */
  public RunGroup with(Recipe other) {
    return new RunGroup(seeds, folds, other);
  }

  /** Whether a folder holds a group. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /**
   * Reads the group of a folder.
   *
   * @throws UserError if it is damaged
   */
  public static RunGroup read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      JsonObject json = JsonText.object(JsonText.read(file));
      if (Boolean.TRUE.equals(JsonSeal.takeAndCheck(json))) {
        Content c = GSON.fromJson(json, Content.class);
        if (c.format == FORMAT) {
          return new RunGroup(c.seeds, c.folds, c.recipe);
        }
      }
    } catch (RuntimeException e) {
      // said below
    }
    throw new UserError(
        file + " is damaged: put it back, or start new runs with another " + Setting.OUT);
  }

  /** Writes it into a folder, from which it can go on from then on. */
  public void write(Path folder) throws IOException {
    JsonObject json = GSON.toJsonTree(new Content(FORMAT, seeds, folds, recipe)).getAsJsonObject();
    AtomicFiles.writeString(folder.resolve(FILE), GSON.toJson(JsonSeal.put(json)) + "\n");
  }

  /** Whether a member has come to the end of its recipe. */
  public static boolean isFinished(RunFolder run, Recipe r) throws IOException {
    Path last = Files.isRegularFile(run.config()) ? run.lastOrNull() : null;
    TrainingState s = last == null ? null : Checkpoint.stateOf(last);
    return s != null
        && run.bestOrNull() != null
        && (s.epoch() >= r.schedule().epochs() || s.isOutOfPatience(r.schedule()));
  }
}
