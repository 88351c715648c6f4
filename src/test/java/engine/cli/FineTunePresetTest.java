package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where a run starts from trained weights and no recipe is typed, one is chosen for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FineTunePresetTest {
  @TempDir static Path shared;
  private Path data;
  private Path first;

  @BeforeAll
  void trainWhatIsStartedFrom() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 6, 8, "a", "b");
    first = shared.resolve("first");
    assertFalse(train("first", "--model", "resnet18").out().contains("fine-tune"));
  }

  private CliRun train(String out, Object... options) {
    List<Object> all = new ArrayList<>(List.of("train", "--data", data, "--epochs", 2));
    all.addAll(List.of("--width", 0.0625, "--image-size", 16, "--batch", 4, "--workers", 0));
    all.addAll(List.of("--device", "cpu", "--out", shared.resolve(out), "--json"));
    all.addAll(List.of(options));
    return CliRun.of(all.toArray()).assertSucceeds();
  }

  private static Recipe recipe(String run) throws IOException {
    return Recipe.read(shared.resolve(run).resolve("config.json"));
  }

  @Test
  void weightsBringTheRecipeWhichSaysWhatItChose() throws IOException {
    CliRun run = train("tuned", "--weights", first);

    assertTrue(run.out().contains("recipe fine-tune, for trained weights: the classifier alone"));
    assertTrue(run.out().contains("epoch 1, step 2: all stages are trained"), run.out());
    assertTrue(recipe("tuned").schedule().fineTuning().layerDecay() < 1);
    assertTrue(recipe("tuned").schedule().fineTuning().headEpochs() > 0);
    assertEquals("warmup-cosine", recipe("tuned").schedule().scheduler());
  }

  @Test
  void whatIsTypedWinsAndIsSaid() throws IOException {
    CliRun run =
        train("typed", "--weights", first, "--lr", "2e-4", "--head-epochs", 0, "--layer-decay", 1);

    assertTrue(run.out().contains("adamw at 2e-4, times 1 from stage to stage"), run.out());
    assertEquals(2e-4, recipe("typed").optim().lr());
    assertEquals(0, recipe("typed").schedule().fineTuning().headEpochs());
  }

  @Test
  void anotherRecipeOrNoneOrAFileIsTakenAtItsWord() throws IOException {
    train("none", "--weights", first, "--recipe", "none");
    assertEquals(1, recipe("none").schedule().fineTuning().layerDecay());
    assertEquals("cosine", recipe("none").schedule().scheduler());

    train("fast", "--weights", first, "--recipe", "fast");
    assertTrue(recipe("fast").augment().regularization().hasEma());

    CliRun again = train("again", "--config", shared.resolve("none/config.json"));
    assertEquals(recipe("none"), recipe("again"));
    assertFalse(again.out().contains("fine-tune"), again.out());
  }
}
