package engine.train;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import engine.TestDevices;
import engine.TestPictures;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MobileNets train, and a stopped run of theirs goes on to the same bits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MobileNetRunTest {
  @TempDir static Path shared;
  private Path data;

  @BeforeAll
  void pictures() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v2, fp32",
    "mobilenet_v2, bf16",
    "mobilenet_v3_small, fp32",
    "mobilenet_v3_small, bf16",
    "mobilenet_v3_large, fp32",
    "mobilenet_v3_large, bf16"
  })
  void aStoppedRunGoesOnBitForBit(String model, String precision, @TempDir Path temp)
      throws IOException {
    Recipe r =
        TinyRun.recipe(
            data,
            "model='" + model + "'",
            "width=0.1",
            "epochs=2",
            "precision='" + precision + "'");
    Path whole = temp.resolve("whole");
    try (var _ = TestDevices.noLeaks(TestDevices.cpu())) {
      assertNotNull(TinyRun.run(r, whole).evaluation());
    }
    Path run = temp.resolve("run");
    assertNull(TinyRun.run(r, run, false, 0, 5).evaluation());
    TinyRun.resume(r, run);
    ResumeTest.assertSame(whole, run);
  }
}
