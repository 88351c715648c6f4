package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.TestPictures;
import engine.backend.Backend;
import engine.model.Network;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.run.NotFiniteException;
import engine.run.RunFolder;
import engine.run.RunSetup;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that diverges ends as one: with the layer's name, and with what was good before. */
final class DivergenceTest {
  @TempDir Path temp;
  private Path data;

  @BeforeEach
  void draw() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 20, 12, "a", "b");
  }

  private String fails(Path out, String... changes) {
    Recipe r = TinyRun.recipe(data, changes);
    return assertThrows(NotFiniteException.class, () -> TinyRun.run(r, out)).getMessage();
  }

  @Test
  void aDivergedEpochIsNeverTheBest() {
    Path run = temp.resolve("run");
    String said = fails(run, "optimizer=\"sgd\"", "lr=900", "batch=16", "epochs=1");
    assertTrue(said.contains("lower --lr"), said);
    assertFalse(Files.exists(run.resolve("best")));
    assertFalse(Files.exists(run.resolve("last")));
  }

  @Test
  void whatTrainingDoesNotReadIsWatchedToo() throws IOException {
    Recipe r = TinyRun.recipe(data);
    ModelInfo info = RunSetup.info(r, RunSetup.open(r, _ -> {}));
    Backend cpu = TestDevices.cpu();
    try (var _ = TestDevices.noLeaks(cpu);
        Network network = info.model().create(cpu, new SplittableRandom(1))) {
      DivergenceCheck check = new DivergenceCheck(cpu, network);
      check.require("in epoch 1", "lower --lr");
      Tensor variance = network.buffers().get("layer1.1.bn2.running_var");
      cpu.memory().fillInPlace(variance, Float.POSITIVE_INFINITY);
      assertEquals(
          "the network diverged in epoch 1, layer1.1.bn2.running_var holds 4 inf among 4 numbers: lower --lr",
          assertThrows(NotFiniteException.class, () -> check.require("in epoch 1", "lower --lr"))
              .getMessage());
    }
  }

  @Test
  void theBestCheckpointOfBeforeIsKept() throws IOException {
    Path run = temp.resolve("run");
    // A step schedule that multiplies the rate from the second epoch on.
    String said =
        fails(
            run,
            "optimizer=\"sgd\"",
            "lr=1e-3",
            "epochs=3",
            "scheduler=\"step:step_size=1,gamma=1e9\"");
    assertTrue(said.contains("epoch 2"), said);
    RunFolder folder = new RunFolder(run);
    assertEquals(folder.best(), folder.last());
    assertEquals("epoch-0001", folder.best().getFileName().toString());
  }

  @Test
  void aBatchOfClassesThatWeighNothingIsSaidToBeOne() {
    String said =
        fails(
            temp.resolve("run"),
            "batch=2",
            "balance={\"classWeights\":\"1,0\",\"sampler\":\"shuffle\"}");
    assertTrue(said.contains("every picture is of a class with a weight of 0"), said);
    assertFalse(said.contains("--lr"), said);
  }

  @Test
  void aFixedLossScaleThatSkipsEveryStepIsNamed() {
    String said =
        fails(
            temp.resolve("run"),
            "epochs=9",
            "batch=4",
            "width=0.125",
            "imageSize=32",
            "lossScale={\"lossScale\":\"3e38\",\"lossScaleInit\":65536,\"lossScaleGrowth\":2,"
                + "\"lossScaleBackoff\":0.5,\"lossScaleInterval\":2000}");
    assertTrue(said.startsWith("64 steps in a row were skipped at a loss scale of "), said);
    assertTrue(said.endsWith("lower --loss-scale, or make it dynamic"), said);
  }

  @Test
  void aFewSkippedStepsAreFine() throws IOException {
    Recipe r =
        TinyRun.recipe(
            data,
            "epochs=1",
            "lossScale={\"lossScale\":\"dynamic\",\"lossScaleInit\":3e38,\"lossScaleGrowth\":2,"
                + "\"lossScaleBackoff\":1e-30,\"lossScaleInterval\":2000}");
    TinyRun.Result result = TinyRun.run(r, temp.resolve("run"));
    assertEquals(
        List.of(), result.messages().stream().filter(m -> m.contains("diverged")).toList());
  }
}
