package engine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --minutes}, as it is typed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MinutesTest {
  @TempDir static Path shared;
  private Path data;
  private Path run;
  private CliRun made;

  /** Epochs that fit end the run, so that no test waits for a clock. */
  @BeforeAll
  void trainTwoEpochsThatFitIntoAnHour() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b");
    run = shared.resolve("run");
    made = train(run, "--data", data, "--minutes", 60, "--epochs", 2).assertSucceeds();
  }

  private static CliRun train(Path out, Object... options) {
    List<Object> all =
        new ArrayList<>(
            List.of("train", "--model", "resnet18", "--width", 0.0625, "--image-size", 16));
    all.addAll(List.of("--batch", 8, "--device", "cpu", "--workers", 0, "--out", out, "--json"));
    all.addAll(List.of(options));
    return CliRun.of(all.toArray());
  }

  private static byte[] weights(Path run) throws IOException {
    String last = Files.readString(run.resolve("last")).strip();
    return Files.readAllBytes(
        run.resolve("checkpoints").resolve(last).resolve("model.safetensors"));
  }

  @Test
  void thePlanIsSaidAndWrittenDown() throws IOException {
    Recipe r = Recipe.read(run.resolve("config.json"));

    assertTrue(made.out().contains("plan for 1h00m: 2 epochs of 3 steps at 16 pixels"), made.out());
    assertTrue(made.out().contains("the 2 epochs fit into that time"), made.out());
    assertTrue(made.out().contains("took "), made.out());
    assertEquals(60, r.schedule().budget().minutes());
    assertEquals(List.of("2x3@16"), r.schedule().budget().timetable());
  }

  @Test
  void aConfigJsonRepeatsThePlanToTheSameBitsWithoutAClock() throws IOException {
    Path again = shared.resolve("again");
    CliRun said = train(again, "--config", run.resolve("config.json")).assertSucceeds();

    assertArrayEquals(weights(run), weights(again));
    assertFalse(said.out().contains("plan for"), said.out());
    assertEquals(0, Recipe.read(again.resolve("config.json")).schedule().budget().minutes());
  }

  @Test
  void epochsOrMinutesThatAreTypedWinOverATimetableInAFile() throws IOException {
    Path one = shared.resolve("one");
    train(one, "--config", run.resolve("config.json"), "--epochs", 1).assertSucceeds();
    Path timed = shared.resolve("timed");
    CliRun said =
        train(timed, "--config", run.resolve("config.json"), "--minutes", 30, "--epochs", 1)
            .assertSucceeds();

    assertTrue(Recipe.read(one.resolve("config.json")).schedule().budget().timetable().isEmpty());
    assertTrue(said.out().contains("plan for 30m00s: 1 epoch of 3 steps"), said.out());
  }

  @ParameterizedTest
  @CsvSource({"NaN,NaN", "-1,-1", "0,0", "-Infinity,-Infinity", "1e9,1.0E9", "Infinity,Infinity"})
  void aTimeThatIsNoneIsWrongUsage(String minutes, String said) {
    Path out = shared.resolve("none");
    CliRun wrong = train(out, "--data", data, "--minutes=" + minutes);

    assertEquals(2, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("--minutes must be above 0"), wrong.err());
    assertTrue(wrong.err().contains(said), wrong.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void aMomentIsTooShortAndSaysWhatWouldDo() {
    Path out = shared.resolve("moment");
    CliRun wrong = train(out, "--data", data, "--minutes", 1e-4);

    assertEquals(1, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("--minutes 1e-4 is too short"), wrong.err());
    assertTrue(wrong.err().matches("(?s).*needs --minutes 0\\.\\d\\s*"), wrong.err());
    assertFalse(Files.exists(out.resolve("config.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seeds=1,2", "--folds=2"})
  void severalRunsHaveEpochs(String several) {
    CliRun wrong = train(shared.resolve("several"), "--data", data, "--minutes", 5, several);

    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("--minutes plans one run, and --"), wrong.err());
  }

  @Test
  void aSweepComparesEqualEpochs() throws IOException {
    Path plan = shared.resolve("sweep.yaml");
    Files.writeString(
        plan, "data: %s\nminutes: 5\nsweep: {options: {lr: [1e-3, 1e-4]}}\n".formatted(data));
    CliRun wrong = CliRun.of("sweep", plan, "--out", shared.resolve("sweep"));

    assertEquals(2, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("a sweep has no option 'minutes'"), wrong.err());
  }

  @Test
  void aResumedRunHasTheMinutesThatItHas() {
    CliRun other = CliRun.of("train", "--resume", run, "--minutes", 61);
    CliRun longer = CliRun.of("train", "--resume", run, "--epochs", 5);

    assertEquals(2, other.code());
    assertTrue(other.err().contains("--minutes cannot change in a resumed run"), other.err());
    assertEquals(2, longer.code());
    assertTrue(longer.err().contains("has a timetable for its time"), longer.err());
    CliRun.of("train", "--resume", run, "--minutes", 60).assertSucceeds();
  }
}
