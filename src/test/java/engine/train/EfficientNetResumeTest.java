package engine.train;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Depthwise filters, ReLU6 and TensorFlow's padding are computed to the same bits again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EfficientNetResumeTest {
  @TempDir static Path shared;
  private Path data;
  private Path start;

  @BeforeAll
  void weights() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 10, "a", "b", "c");
    start = shared.resolve("start");
    TinyRun.run(recipe("efficientnet_lite0", "epochs=1", "seed=9"), start);
  }

  private Recipe recipe(String model, String... changes) {
    String[] all = new String[changes.length + 3];
    System.arraycopy(changes, 0, all, 3, changes.length);
    all[0] = "model='" + model + "'";
    all[1] = "width=0.1";
    all[2] = "image_size=9";
    return TinyRun.recipe(data, all);
  }

  @ParameterizedTest
  @CsvSource({
    "efficientnet_lite0, fp32, false",
    "efficientnet_lite0, bf16, false",
    "efficientnet_lite0, fp32, true",
    "efficientnet_lite0, bf16, true",
    "tf_efficientnet_b0, bf16, false",
  })
  void aStoppedRunGoesOnBitForBit(
      String model, String precision, boolean fromWeights, @TempDir Path temp) throws IOException {
    String from = fromWeights ? "weights='" + start + "'" : "weights=null";
    Recipe r = recipe(model, "epochs=2", "precision='" + precision + "'", from);
    Path whole = temp.resolve("whole");
    TinyRun.Result said = TinyRun.run(r, whole);
    String loaded = "starting from";
    assertTrue(said.messages().stream().anyMatch(m -> m.contains(loaded)) == fromWeights);
    Path run = temp.resolve("run");
    assertNull(TinyRun.run(r, run, false, 0, 5).evaluation());
    TinyRun.resume(r, run);
    ResumeTest.assertSame(whole, run);
  }
}
