package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SweepCommandTest {
  @TempDir static Path shared;
  private Path data;
  private Path file;
  private Path sweep;
  private JsonObject result;

  @BeforeAll
  void sweepSixTrials() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 6, 8, "a", "b");
    file =
        write(
            "sweep.yaml",
            """
            sweep:
              trials: 6
              metric: val_loss
              rungs: [1, 2, 3]
              options:
                lr: {log_uniform: [1e-4, 1e-1]}
                optimizer: [adamw, sgd]
            """);
    sweep = shared.resolve("sweep");
    String out = run(file, "--out", sweep).assertSucceeds().out();
    result = JsonParser.parseString(out.lines().toList().getLast()).getAsJsonObject();
    JsonKeys.of("sweep").check(result);
  }

  private Path write(String name, String rest) throws IOException {
    String base =
        """
        data: %s
        model: resnet18
        width: 0.0625
        image-size: 8
        batch: 4
        epochs: 3
        """
            .formatted(data);
    return Files.writeString(shared.resolve(name), base + rest);
  }

  private static CliRun run(Object... args) {
    List<Object> all = new ArrayList<>(List.of("sweep"));
    all.addAll(List.of(args));
    all.addAll(List.of("--json", "--workers", 1, "--threads", 1, "--device", "cpu"));
    return CliRun.of(all.toArray());
  }

  private static int lines(Path trial) throws IOException {
    return Files.readAllLines(trial.resolve("metrics.jsonl")).size();
  }

  @Test
  void theBestGoOnFromRungToRung() throws IOException {
    List<Integer> lengths = new ArrayList<>();
    for (int t = 1; t <= 6; t++) {
      lengths.add(lines(sweep.resolve("trial-00" + t)));
    }
    // Of six the best third go on to the second rung, and of those two the better one to the end.
    assertEquals(List.of(1, 1, 1, 1, 2, 3), lengths.stream().sorted().toList());
    JsonArray trials = result.getAsJsonArray("trials");
    List<Double> first = new ArrayList<>();
    for (var t : trials) {
      Path log = Path.of(t.getAsJsonObject().get("run").getAsString(), "metrics.jsonl");
      first.add(
          JsonParser.parseString(Files.readAllLines(log).getFirst())
              .getAsJsonObject()
              .get("val_loss")
              .getAsDouble());
    }
    double worstThatWentOn = Math.max(first.get(0), first.get(1));
    first.subList(2, 6).forEach(l -> assertTrue(l >= worstThatWentOn, first.toString()));
    assertEquals(trials.get(0).getAsJsonObject().get("run"), result.get("best"));
    String page = Files.readString(sweep.resolve("report.html"));
    assertTrue(page.contains("trial-006") && page.contains("Best val_loss"), page);
  }

  /** The command at the end is the trial: its weights are those that the sweep trained. */
  @Test
  void theBestCommandIsTheBestTrial(@TempDir Path temp) throws IOException {
    String command = result.get("command").getAsString();
    assertTrue(command.startsWith("engine train --data="), command);
    List<Object> words = new ArrayList<>(List.of(command.substring(7).split(" ")));
    words.addAll(List.of("--json", "--out", temp.resolve("again")));
    CliRun.of(words.toArray()).assertSucceeds();
    Path weights = Path.of("checkpoints/epoch-0003/model.safetensors");
    assertEquals(
        -1,
        Files.mismatch(
            Path.of(result.get("best").getAsString()).resolve(weights),
            temp.resolve("again").resolve(weights)));
  }

  @Test
  void aKilledSweepGoesOnToTheSameEnd(@TempDir Path temp) throws IOException {
    Path killed = temp.resolve("killed");
    Files.createDirectories(killed);
    Files.copy(sweep.resolve("sweep.json"), killed.resolve("sweep.json"));
    CliRun first = run("--resume", killed).assertSucceeds();
    JsonObject again = last(first);
    for (int i = 0; i < 6; i++) {
      assertEquals(trial(result, i).get("score"), trial(again, i).get("score"));
      assertEquals(trial(result, i).get("options"), trial(again, i).get("options"));
    }
    // The best one is lost: it alone is trained again, through all rungs.
    Path best = Path.of(again.get("best").getAsString());
    Path other = Path.of(trial(again, 3).get("run").getAsString());
    FileTime before = Files.getLastModifiedTime(other.resolve("metrics.jsonl"));
    try (var files = Files.walk(best)) {
      for (Path f : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(f);
      }
    }
    JsonObject third = last(run("--resume", killed).assertSucceeds());
    assertEquals(again.get("best"), third.get("best"));
    assertEquals(trial(again, 0).get("score"), trial(third, 0).get("score"));
    assertEquals(before, Files.getLastModifiedTime(other.resolve("metrics.jsonl")));
  }

  private static JsonObject last(CliRun run) {
    return JsonParser.parseString(run.out().lines().toList().getLast()).getAsJsonObject();
  }

  private static JsonObject trial(JsonObject of, int i) {
    return of.getAsJsonArray("trials").get(i).getAsJsonObject();
  }

  @Test
  void drawsFollowFromTheSeed() throws IOException {
    SweepPlan one = SweepPlan.of(file, 1, Map.of());
    assertEquals(one, SweepPlan.of(file, 1, Map.of()));
    assertFalse(one.trials().equals(SweepPlan.of(file, 2, Map.of()).trials()));
    for (var t : SweepPlan.of(file, 3, Map.of()).trials()) {
      double lr = Double.parseDouble(t.get("lr"));
      assertTrue(lr >= 1e-4 && lr <= 1e-1, t.toString());
    }
  }

  @Test
  void listsAloneAreTriedInEveryCombination() throws IOException {
    Path grid =
        write(
            "grid.yaml",
            "sweep:\n  options:\n    dropout: [0, 0.1]\n    smoothing_mode: [uniform, others]\n    no-decay-norm-bias: [true, false]\n");
    SweepPlan plan = SweepPlan.of(grid, 0, Map.of());
    Set<Object> all = new TreeSet<>();
    plan.trials().forEach(t -> all.add(t.toString()));
    assertEquals(8, all.size());
    assertEquals(List.of(1, 3), plan.rungs());
    assertTrue(
        plan.recipe(0).optim().noDecayNormBias() && !plan.recipe(1).optim().noDecayNormBias());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x: 1                                        | a sweep has no option 'x'
          sweep: {}                                   | the sweep has no 'options' to vary
          sweep: {option: {lr: [1]}}                  | there is no 'option' in a sweep
          sweep: {options: {lrr: [1, 2]}}             | a sweep has no option 'lrr'; did you mean lr?
          sweep: {options: {batch: [2, 4]}}           | 'batch' is varied by the sweep and has a value beside it
          sweep: {options: {epochs: [2, 4]}}          | a sweep cannot vary epochs
          sweep: {options: {lr: 1}}                   | 'lr' in the sweep needs a list, or one of uniform
          sweep: {options: {lr: {uniform: [1, 2]}}}   | say how often with 'trials'
          sweep: {trials: 3, options: {lr: {log_uniform: [0, 1]}}}  | above 0
          sweep: {trials: 3, options: {lr: {uniform: [2, 1]}}}      | the lower first
          sweep: {trials: 0, options: {lr: [1, 2]}}   | 'trials' of the sweep must be a whole number from 1
          sweep: {rungs: [1, 2], options: {lr: [1]}}  | 'rungs' of the sweep must be epochs that rise to the 3 of a whole run
          sweep: {options: {optimizer: [adamw, lion]}} | --optimizer must be one of adamw, adam, sgd, not 'lion'
          sweep: {metric: accuracy, options: {lr: [1]}} | 'metric' of the sweep must be one of val_accuracy, val_loss
          sweep: {options: {lr: [fast]}}              | --lr must be a number, not 'fast'
          """)
  void wrongFilesAreRefusedBeforeAnyWork(String rest, String message) throws IOException {
    String text = rest.startsWith("x") ? rest + "\nsweep: {options: {lr: [1]}}" : rest;
    Path out = shared.resolve("nothing");
    run(write("wrong.yaml", text), "--out", out).assertWrongUsage(message);
    assertFalse(Files.exists(out));
  }

  @Test
  void aFileOrAFolderIsNeeded() throws IOException {
    run().assertWrongUsage("a file is missing that says what to try");
    run("--resume", shared).assertFails("there is no sweep in");
    run(shared.resolve("none.yaml")).assertWrongUsage("there is no file");
    run(file, "--out", sweep).assertFails("holds a sweep already");
    CliRun.of("train", "--resume", sweep).assertFails("go on with engine sweep --resume " + sweep);
    run(write("plain.yaml", "")).assertWrongUsage("has no group 'sweep'");
  }
}
