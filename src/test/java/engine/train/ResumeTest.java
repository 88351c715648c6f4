package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.TestPictures;
import engine.base.UserError;
import engine.recipe.Recipe;
import engine.run.Checkpoint;
import engine.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupted run ends in the very bytes of an uninterrupted one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public final class ResumeTest {
  @TempDir static Path shared;
  private Path data;
  private Path whole;
  private Recipe recipe;

  /** 30 pictures: batches of 8, 8, 8 and 6, of which three and one make a step. */
  @BeforeAll
  void trainUninterrupted() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b", "c");
    recipe =
        TinyRun.recipe(
            data,
            "accumulate=3",
            "clipNorm=1",
            "scheduler=\"onecycle\"",
            "weightDecayAt=[\"1:0.1\"]");
    whole = shared.resolve("whole");
    try (var _ = TestDevices.noLeaks(TestDevices.cpu())) {
      assertNotNull(TinyRun.run(recipe, whole).evaluation());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11})
  void aStoppedRunGoesOnBitForBit(int batches, @TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    TinyRun.Result stopped = TinyRun.run(recipe, run, false, 2, batches);
    assertNull(stopped.evaluation());
    assertTrue(stopped.messages().getLast().endsWith("go on with --resume " + run), "told how");
    int inEpoch = stopped.batches() % 4;
    assertTrue(inEpoch == 0 || inEpoch == 3, "stopped within a step: after " + stopped.batches());
    TinyRun.Result resumed = TinyRun.resume(recipe, run);
    assertEquals(12, stopped.batches() + resumed.batches(), "no batch twice");
    assertSame(run);
  }

  /** Replayed steps, a recorded step that is thrown away in between, and all that draws numbers. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 10})
  void aRunWithEveryPieceOfARecipeGoesOnBitForBit(int batches, @TempDir Path temp)
      throws IOException {
    Recipe everything =
        TinyRun.recipe(
            data,
            "noDecayNormBias=true",
            "evalSize=16",
            "fineTuning={freeze:'layer2',unfreezeEvery:1,frozenNorms:'frozen',layerDecay:0.7}",
            "regularization={policy:'trivialaugment',erasing:0.5,mixup:0.2,cutmix:1,mixOffEpoch:2,ema:0.9}",
            "balance={classWeights:'1,2,0.5',sampler:'balanced'}");
    Path straight = temp.resolve("straight");
    try (var _ = TestDevices.noLeaks(TestDevices.cpu())) {
      TinyRun.run(everything, straight);
    }
    Path run = temp.resolve("run");
    assertNull(TinyRun.run(everything, run, false, 2, batches).evaluation());
    TinyRun.resume(everything, run);
    assertSame(straight, run);
    assertEquals(
        -1,
        Files.mismatch(
            TinyRun.last(straight, "ema.safetensors"), TinyRun.last(run, "ema.safetensors")));
  }

  @Test
  void workersDoNotChangeABit(@TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    TinyRun.run(recipe, run, false, 3, Integer.MAX_VALUE);
    assertSame(run);
  }

  @Test
  void whatAKillBetweenTwoFilesLeavesIsMended(@TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    TinyRun.run(recipe, run, false, 0, 6); // after the first step of epoch 2
    Path checkpoints = run.resolve("checkpoints");
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"epoch\":2,\"lr\":7}\n{\"ep", StandardOpenOption.APPEND);
    Files.createDirectories(checkpoints.resolve(".epoch-0002.part"));
    Files.writeString(checkpoints.resolve(".epoch-0002.part/model.safetensors"), "half");
    Files.createDirectories(checkpoints.resolve("epoch-0002"));
    Files.writeString(checkpoints.resolve("epoch-0002/model.safetensors"), "no pointer to it");
    TinyRun.resume(recipe, run);
    assertSame(run);
    try (var left = Files.list(checkpoints)) {
      assertTrue(left.allMatch(p -> p.getFileName().toString().matches("epoch-\\d{4}")), "pruned");
    }
  }

  @Test
  void aBestCheckpointThatNothingNamedYetIsNamed(@TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    TinyRun.run(TinyRun.recipe(data, "epochs=1"), run);
    Files.delete(run.resolve("best"));
    TinyRun.resume(TinyRun.recipe(data, "epochs=1"), run);
    assertEquals("epoch-0001\n", Files.readString(run.resolve("best")));
  }

  @Test
  void aRunKilledBeforeItsFirstCheckpointStartsFromItsInitialWeights(@TempDir Path temp)
      throws IOException {
    Recipe tuned = TinyRun.recipe(data, "epochs=1", "weights=\"" + whole + "\"");
    Path straight = temp.resolve("straight");
    TinyRun.run(tuned, straight);
    Path killed = Files.createDirectories(temp.resolve("killed"));
    Files.writeString(killed.resolve("config.json"), tuned.toJson());
    TinyRun.resume(tuned, killed);
    assertSame(straight, killed);
  }

  @Test
  void aFinishedOrEarlyStoppedRunTrainsNoMore(@TempDir Path temp) throws IOException {
    Path finished = TinyRun.copy(whole, temp.resolve("finished"));
    assertEquals(0, TinyRun.resume(recipe, finished).batches());
    assertSame(finished);
    Recipe patient = TinyRun.recipe(data, "epochs=9", "patience=1", "lr=1e-9");
    Path early = temp.resolve("early");
    int batches = TinyRun.run(patient, early).batches();
    assertTrue(batches < 36, "stopped early");
    assertEquals(0, TinyRun.resume(patient, early).batches());
  }

  @Test
  void otherDataIsRefusedAndMovedDataIsNot(@TempDir Path temp) throws IOException {
    Path moved = TinyRun.copy(data, temp.resolve("moved"));
    Path run = temp.resolve("run");
    TinyRun.run(recipe, run, false, 0, 5);
    Files.delete(moved.resolve("a/000.png"));
    UserError e =
        assertThrows(UserError.class, () -> TinyRun.resume(recipe.withData(moved.toString()), run));
    assertTrue(
        e.getMessage().contains("has changed (it had 30 pictures to train on"), e.getMessage());
    TestPictures.write(moved.resolve("a/900.png"), 8, 8, 1, 0);
    e = assertThrows(UserError.class, () -> TinyRun.resume(recipe.withData(moved.toString()), run));
    assertTrue(e.getMessage().contains("other names"), e.getMessage());
    Files.move(moved.resolve("a/900.png"), moved.resolve("a/000.png"));
    Files.copy(
        data.resolve("a/000.png"),
        moved.resolve("a/000.png"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    TinyRun.resume(recipe.withData(moved.toString()), run);
    assertSame(run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "state.json"})
  void aDamagedCheckpointIsRefusedAndAnEarlierOneEndsInTheSameBits(String name, @TempDir Path temp)
      throws IOException {
    Path run = temp.resolve("run");
    TinyRun.run(recipe, run, false, 0, 6);
    Path last = new RunFolder(run).last();
    Path file = last.resolve(name);
    byte[] good = Files.readAllBytes(file);
    for (int at : new int[] {0, good.length / 3, good.length - 5}) {
      byte[] flipped = good.clone();
      flipped[at] ^= 4;
      assertRefused(run, file, flipped);
    }
    assertRefused(run, file, new byte[0]);
    assertRefused(run, file, java.util.Arrays.copyOf(good, good.length / 2));
    assertRefused(run, file, "{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    Checkpoint.delete(last);
    TinyRun.resume(recipe, run);
    assertSame(run);
  }

  private void assertRefused(Path run, Path file, byte[] content) throws IOException {
    Files.write(file, content);
    Exception e = assertThrows(UserError.class, () -> TinyRun.resume(recipe, run));
    assertTrue(
        e.getMessage().startsWith("the last checkpoint cannot be used: " + file), e.getMessage());
    assertTrue(
        e.getMessage().contains("delete " + file.getParent() + " to go on from epoch-0001"),
        e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void aCheckpointOfAnotherModelIsRefused(@TempDir Path temp) throws IOException {
    Path run = TinyRun.copy(whole, temp.resolve("run"));
    Recipe other = TinyRun.recipe(data, "width=0.125");
    UserError e = assertThrows(UserError.class, () -> TinyRun.resume(other, run));
    assertTrue(e.getMessage().contains("these weights are of another model"), e.getMessage());
    UserError w =
        assertThrows(
            UserError.class,
            () ->
                TinyRun.run(
                    TinyRun.recipe(data, "width=0.125", "weights=\"" + whole + "\""),
                    temp.resolve("new")));
    assertTrue(
        w.getMessage().contains("model.safetensors do not fit: conv1.weight"), w.getMessage());
    assertFalse(Files.exists(temp.resolve("new")), "no run folder is left in the way");
  }

  @Test
  void twoProcessesCannotTrainInOneFolder(@TempDir Path temp) throws IOException {
    Path run = TinyRun.copy(whole, temp.resolve("run"));
    try (var _ = new RunFolder(run).lock()) {
      UserError e = assertThrows(UserError.class, () -> TinyRun.resume(recipe, run));
      assertTrue(
          e.getMessage().startsWith("another process is training in " + run), e.getMessage());
    }
    TinyRun.resume(recipe, run);
  }

  private void assertSame(Path run) throws IOException {
    assertSame(whole, run);
  }

  public static void assertSame(Path expected, Path run) throws IOException {
    for (String file : new String[] {"model.safetensors", "optimizer.safetensors"}) {
      assertEquals(
          -1,
          Files.mismatch(TinyRun.last(expected, file), TinyRun.last(run, file)),
          file + " differs");
    }
    assertEquals(TinyRun.figures(expected), TinyRun.figures(run));
    assertEquals(Files.readString(expected.resolve("best")), Files.readString(run.resolve("best")));
  }
}
