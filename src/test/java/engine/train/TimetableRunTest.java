package engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.TestPictures;
import engine.data.Datasets;
import engine.recipe.Recipe;
import engine.report.EpochMetrics;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import engine.train.budget.BudgetClock;
import engine.train.budget.BudgetWatch;
import engine.train.budget.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose epochs a timetable cuts: of any length, of several sizes, the classifier first. */
final class TimetableRunTest {
  @TempDir private Path folder;
  private Path pictures;

  @BeforeEach
  void drawPictures() throws IOException {
    pictures = TestPictures.folder(folder.resolve("pictures"), 12, 8, "a", "b", "c");
  }

  /** A pass is 4 batches, the last not full; epochs of 3, 3, 7 and 7 cross the passes' ends. */
  private Recipe recipe(String... changes) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "epochs=4",
                "scheduler=\"cosine\"",
                "image_size=16",
                "budget={minutes:0,timetable:[\"2x3@8\",\"2x7@16\"],retimed:[]}",
                "fine_tuning={freeze:\"none\",unfreeze_every:0,frozen_norms:\"frozen\",layer_decay:0.8,head_epochs:0.5}"));
    all.addAll(List.of(changes));
    return TinyRun.recipe(pictures, all.toArray(String[]::new));
  }

  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(TinyRun.last(run, "model.safetensors"));
  }

  @Test
  void theSameTimetableGivesTheSameBitsAndEndsWithTheCosine() throws IOException {
    TinyRun.Result result = TinyRun.run(recipe(), folder.resolve("a"));
    TinyRun.run(recipe(), folder.resolve("b"));

    assertArrayEquals(weights(folder.resolve("a")), weights(folder.resolve("b")));
    List<EpochMetrics> epochs = TinyRun.figures(folder.resolve("a"));
    assertEquals(20, result.batches());
    assertEquals(4, epochs.size());
    double last = 1e-3 * 0.5 * (1 + Math.cos(Math.PI * 19 / 20));
    assertEquals(last, epochs.getLast().lr(), 1e-12);
  }

  @Test
  void theClassifierIsAloneUntilTheStepThatTheRecipeNames() throws IOException {
    TinyRun.Result result = TinyRun.run(recipe(), folder.resolve("run"));

    assertTrue(result.messages().contains("stem to layer4 frozen"), result.messages().toString());
    assertTrue(
        result.messages().contains("epoch 1, step 3: all stages are trained"),
        result.messages().toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6, 9, 19})
  void aStoppedRunGoesOnToTheSameBits(int stopAfter) throws IOException {
    TinyRun.run(recipe(), folder.resolve("whole"));
    TinyRun.run(recipe(), folder.resolve("stopped"), false, 0, stopAfter);
    TinyRun.resume(Recipe.read(folder.resolve("stopped/config.json")), folder.resolve("stopped"));

    assertArrayEquals(weights(folder.resolve("whole")), weights(folder.resolve("stopped")));
    assertEquals(
        TinyRun.figures(folder.resolve("whole")), TinyRun.figures(folder.resolve("stopped")));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 15})
  void stepsOfSeveralBatchesAndAnAverageGoOnToTheSameBits(int stopAfter) throws IOException {
    String[] changes = {
      "accumulate=2",
      "regularization={policy:\"none\",erasing:0,mixup:0.2,cutmix:0,mix_off_epoch:0,ema:0.9}"
    };
    TinyRun.run(recipe(changes), folder.resolve("whole"));
    TinyRun.run(recipe(changes), folder.resolve("stopped"), false, 2, stopAfter);
    TinyRun.resume(recipe(changes), folder.resolve("stopped"));

    assertArrayEquals(weights(folder.resolve("whole")), weights(folder.resolve("stopped")));
  }

  @Test
  void whatTheClockCutIsWrittenDownAndRepeatsToTheSameBits() throws IOException {
    Recipe asked = recipe("budget={minutes:1,timetable:[\"2x3@8\",\"2x7@16\"],retimed:[]}");
    Path timed = folder.resolve("timed");
    Datasets.Split data = RunSetup.open(asked, _ -> {});
    List<String> said = new ArrayList<>();
    try (Trainer t =
        new Trainer(
            TestDevices.cpu(),
            asked,
            new RunFolder(timed),
            data,
            RunSetup.info(asked, data),
            TrainerOptions.of(0),
            new Said(said))) {
      // On any machine that is over after a few steps.
      t.keepWithin(
          new BudgetWatch(
              new BudgetClock(0.02, 0),
              new Pace(Map.of(8, 0.05, 16, 0.2), 0, 0.01, 0.01, 0.01),
              Long.MAX_VALUE));
      t.run(false, () -> false);
    }
    Recipe written = Recipe.read(timed.resolve("config.json"));

    assertFalse(written.schedule().budget().retimed().isEmpty());
    assertTrue(written.schedule().budget().plan().steps() < 20, written.toString());
    assertTrue(said.stream().anyMatch(s -> s.contains("20 steps become")), said.toString());
    TinyRun.run(written, folder.resolve("repeated"));
    assertArrayEquals(weights(timed), weights(folder.resolve("repeated")));
    assertEquals(TinyRun.figures(timed), TinyRun.figures(folder.resolve("repeated")));
  }

  private record Said(List<String> lines) implements TrainingListener {
    @Override
    public void started(String... text) {}

    @Override
    public void batch(
        int epoch, int epochs, int done, int batches, long images, double loss, double lr) {}

    @Override
    public void validating(int epoch, int done, int of) {}

    @Override
    public void epoch(EpochMetrics metrics, int epochs, boolean best) {}

    @Override
    public void message(String line) {
      lines.add(line);
    }

    @Override
    public void debug(String line) {
      lines.add(line);
    }
  }
}
