package engine.cli;

import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network whose patches must fill says so before it trains; a batch of one is enough for it. */
final class TooSmallPicturesTest {
  @TempDir private Path folder;

  @Test
  void convnextNeedsThirtyTwoPixels() throws IOException {
    Path data = TestPictures.folder(folder.resolve("data"), 12, 8, "a", "b");
    train(data, 31).assertFails("pictures of 31x31 leave no features to convnext_tiny");
    train(data, 32).assertSucceeds();
  }

  private CliRun train(Path data, int side) {
    return CliRun.of(
        "train",
        "--data=" + data,
        "--model=convnext_tiny",
        "--width=0.02",
        "--batch=1",
        "--limit-train=2",
        "--limit-val=2",
        "--epochs=1",
        "--image-size=" + side,
        "--device=cpu",
        "--out=" + folder.resolve("run" + side));
  }
}
