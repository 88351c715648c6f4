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
import engine.run.MetricsLog;
import engine.run.RunFolder;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in half precision and with a loss scale: what they save, and how they end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MixedPrecisionRunTest {
  /** Overflows at first: the gradients of a loss times 1e38 do not fit fp32. */
  private static final String OVERFLOWS =
      "lossScale={lossScale:'dynamic',lossScaleInit:1e38,lossScaleGrowth:2,lossScaleBackoff:1e-34,lossScaleInterval:3}";

  @TempDir static Path shared;
  private Path data;

  @BeforeAll
  void pictures() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b", "c");
  }

  private Recipe recipe(String... changes) {
    return TinyRun.recipe(data, changes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "bf16"})
  void aStoppedRunWithALossScaleGoesOnBitForBit(String precision, @TempDir Path temp)
      throws IOException {
    Recipe r = recipe("precision='" + precision + "'", OVERFLOWS);
    Path whole = temp.resolve("whole");
    try (var _ = TestDevices.noLeaks(TestDevices.cpu())) {
      assertNotNull(TinyRun.run(r, whole).evaluation());
    }
    var log = MetricsLog.read(whole.resolve("metrics.jsonl"));
    assertTrue(log.getLast().extra().get("skipped_steps") >= 1, "overflows: " + log);
    assertTrue(log.getLast().extra().get("loss_scale") < 1e30, "it fell: " + log);
    Path run = temp.resolve("run");
    assertNull(TinyRun.run(r, run, false, 0, 5).evaluation());
    TinyRun.resume(r, run);
    ResumeTest.assertSame(whole, run);
    String scaler = "scaler.safetensors";
    assertEquals(-1, Files.mismatch(TinyRun.last(whole, scaler), TinyRun.last(run, scaler)));
  }

  @ParameterizedTest
  @CsvSource({"fp32, bf16", "bf16, fp32"})
  void aRunGoesOnInAnotherPrecisionFromTheSameMasterWeights(
      String first, String second, @TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    TinyRun.run(recipe("epochs=1", "precision='" + first + "'"), run);
    Path before = TinyRun.last(run, "model.safetensors");
    SafeTensors.read(before)
        .tensors()
        .forEach((n, t) -> assertTrue(!t.dtype().isFloating() || t.dtype().bytes() == 4, n));
    TinyRun.Result resumed = TinyRun.resume(recipe("epochs=2", "precision='" + second + "'"), run);
    assertEquals(4, resumed.batches());
    assertEquals(2, MetricsLog.read(run.resolve("metrics.jsonl")).size());
    assertEquals(second, Recipe.read(run.resolve("config.json")).compute().precision());
  }

  @Test
  void aLossScaleMayBeginAndEndAtAResume(@TempDir Path temp) throws IOException {
    Path run = temp.resolve("run");
    TinyRun.run(recipe("epochs=1"), run);
    assertFalse(Files.exists(TinyRun.last(run, "scaler.safetensors")));
    String scale =
        "lossScale={lossScale:'dynamic',lossScaleInit:64,lossScaleGrowth:2,lossScaleBackoff:0.5,lossScaleInterval:2}";
    TinyRun.resume(recipe("epochs=2", scale), run);
    var log = MetricsLog.read(run.resolve("metrics.jsonl"));
    assertEquals(256, log.getLast().extra().get("loss_scale"));
    TinyRun.resume(recipe("epochs=3"), run);
    assertFalse(Files.exists(TinyRun.last(run, "scaler.safetensors")));
  }

  /**
   * A scale that is a power of two changes no bit of fp32, unless something over- or underflows.
   */
  @Test
  void aScaledRunInFp32EndsInTheBitsOfAnUnscaledOne(@TempDir Path temp) throws IOException {
    Path plain = temp.resolve("plain");
    Path scaled = temp.resolve("scaled");
    TinyRun.run(recipe(), plain);
    TinyRun.run(
        recipe(
            "lossScale={lossScale:'1024',lossScaleInit:1,lossScaleGrowth:2,lossScaleBackoff:0.5,lossScaleInterval:1}"),
        scaled);
    for (String file : new String[] {"model.safetensors", "optimizer.safetensors"}) {
      assertEquals(-1, Files.mismatch(TinyRun.last(plain, file), TinyRun.last(scaled, file)), file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "bf16"})
  void aRunThatDivergesNamesTheLayerAndKeepsItsLastCheckpoint(String precision, @TempDir Path temp)
      throws IOException {
    Path run = temp.resolve("run");
    String p = "precision='" + precision + "'";
    TinyRun.run(recipe("epochs=1", p), run);
    Path last = new RunFolder(run).last();
    Recipe wild = recipe("epochs=9", "lr=999", p, "scheduler='constant'", "weightDecay=900");
    UserError e = assertThrows(UserError.class, () -> TinyRun.resume(wild, run));
    assertTrue(e.getMessage().matches("(the loss|a gradient) became .*"), e.getMessage());
    assertTrue(
        e.getMessage().matches(".*(forward|backward|parameter) .*(conv|bn|fc).*"), e.getMessage());
    assertTrue(e.getMessage().contains(": lower --lr (it is 999"), e.getMessage());
    Path still = new RunFolder(run).last();
    assertTrue(Files.exists(last) || !still.equals(last), "a checkpoint is kept");
    SafeTensors.read(still.resolve("model.safetensors"))
        .tensors()
        .forEach(
            (n, t) -> {
              for (float v : t.dtype().isFloating() ? t.toFloats() : new float[0]) {
                assertTrue(Float.isFinite(v), n);
              }
            });
  }
}
