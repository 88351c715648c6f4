package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.Schedules;
import engine.recipe.Recipe;
import engine.report.EpochMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is given more epochs goes on as it was, and the epochs added have a rate to learn. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExtendedRunTest {
  @TempDir static Path shared;
  private Path data;
  private Recipe three;
  private Recipe five;
  private Path finished;
  private Path extended;

  /** Four batches an epoch. */
  @BeforeAll
  void trainThreeEpochsAndThenTwoMore() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b", "c");
    three = TinyRun.recipe(data, "scheduler=\"onecycle\"");
    five = extendedTo(three, 5);
    finished = shared.resolve("finished");
    TinyRun.run(three, finished);
    extended = TinyRun.copy(finished, shared.resolve("extended"));
    assertEquals(8, TinyRun.resume(five, extended).batches());
  }

  private static Recipe extendedTo(Recipe r, int epochs) {
    return r.with(r.schedule().extendedTo(epochs));
  }

  @Test
  void theFirstEpochsStayAsTheyWere() throws IOException {
    List<EpochMetrics> all = TinyRun.figures(extended);
    assertEquals(5, all.size());
    assertEquals(TinyRun.figures(finished), all.subList(0, 3));
  }

  @Test
  void askedTwiceItGivesTheSameBits(@TempDir Path temp) throws IOException {
    Path again = TinyRun.copy(finished, temp.resolve("again"));
    TinyRun.resume(five, again);
    ResumeTest.assertSame(extended, again);
  }

  /** Stopped before the added epochs, at their first batch, and amid them. */
  @ParameterizedTest
  @ValueSource(ints = {5, 12, 14})
  void aStoppedExtendedRunGoesOnBitForBit(int batches, @TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    assertNull(TinyRun.run(five, run, false, 0, batches).evaluation());
    TinyRun.resume(five, run);
    ResumeTest.assertSame(extended, run);
  }

  /** Extended while its first epochs are still under way, it ends as if extended at their end. */
  @Test
  void whenEpochsAreAddedDoesNotMatter(@TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    assertNull(TinyRun.run(three, run, false, 0, 6).evaluation());
    TinyRun.resume(five, run);
    ResumeTest.assertSame(extended, run);
  }

  @Test
  void aScheduleThatSpansTheRunIsFollowedByCosinesFromATenthOfItsPeak() {
    Recipe r = TinyRun.recipe(data, "scheduler=\"cosine\"", "epochs=10", "lr=0.5");
    LrSchedule before = OptimizerFactory.schedule(r, 4);
    LrSchedule after = OptimizerFactory.schedule(extendedTo(extendedTo(r, 14), 16), 4);
    for (int t = 0; t < 10; t++) {
      assertEquals(before.lr(t), after.lr(t));
    }
    assertEquals(0.05, after.lr(10), 1e-15);
    assertEquals(0.025, after.lr(12), 1e-15);
    assertEquals(0.05, after.lr(14), 1e-15);
    assertEquals(0.025, after.lr(15), 1e-15);

    // A schedule of steps counts the added ones; its peak need not be the rate of the run.
    Recipe steps = TinyRun.recipe(data, "scheduler=\"onecycle:max_lr=0.8\"", "epochs=10");
    LrSchedule cycle = OptimizerFactory.schedule(extendedTo(steps, 12), 4);
    assertEquals(0.08, cycle.lr(40), 1e-12);
    assertEquals(0.04, cycle.lr(44), 1e-12);
  }

  @Test
  void aScheduleOfItsOwnExtentGoesOnByItsFormula() {
    for (String spec :
        List.of(
            "constant",
            "step:step_size=4",
            "multistep:milestones=3/12",
            "cosine:t_max=10",
            "cosine-restarts:t_0=3",
            "polynomial:total_iters=20")) {
      Recipe r = TinyRun.recipe(data, "scheduler=\"" + spec + "\"", "epochs=10", "lr=0.5");
      LrSchedule after = OptimizerFactory.schedule(extendedTo(r, 15), 4);
      assertEquals(Schedules.parse(spec, 0.5, 15), after, spec);
    }
    for (String spec : List.of("cosine", "polynomial", "onecycle", "warmup-cosine:warmup=3")) {
      assertTrue(Schedules.spansTheRun(spec), spec);
    }
  }

  /** At a rate of next to nothing no epoch is better than the first. */
  @Test
  void patienceBeginsAnewWithTheAddedEpochs(@TempDir Path temp) throws IOException {
    Recipe patient = TinyRun.recipe(data, "patience=3", "lr=1e-12", "epochs=3");
    Path run = temp.resolve("run");
    assertEquals(12, TinyRun.run(patient, run).batches());
    assertEquals(12, TinyRun.resume(extendedTo(patient, 9), run).batches());
  }

  @Test
  void lengthsThatDoNotRiseAreRefused() {
    for (String wrong : List.of("[0]", "[3]", "[2,2]", "[2,1]", "[-1]")) {
      RuntimeException e =
          assertThrows(
              RuntimeException.class, () -> TinyRun.recipe(data, "epochs=3", "extended=" + wrong));
      Throwable said = e instanceof UserError ? e : e.getCause();
      assertTrue(said.getMessage().startsWith("--extended must be lengths that rise"), wrong);
    }
  }
}
